import { z } from 'zod'
import { defineEndpoint } from '../endpoint.ts'
import { CompetitorId, SiteId } from '../ids.ts'

const Visibility = z.number().nonnegative().nullable().meta({
  description:
    'Visits a month that the positions are worth, by an estimate of how often a position is clicked. Null: nothing measured.',
})

const Party = z.object({
  competitorId: CompetitorId.nullable().meta({ description: 'Null: the site itself.' }),
  name: z.string(),
  domain: z.string(),
  visibility: z.object({ now: Visibility, weekAgo: Visibility, fourWeeksAgo: Visibility }),
  shareOfVoice: z.number().min(0).max(1).nullable().meta({ description: 'Of the visibility of all that are compared.' }),
  ahead: z
    .number()
    .int()
    .meta({ description: 'Keywords on which it stands before the site; of the site: on which it leads all.' }),
  overtakes: z.number().int().meta({
    description:
      'Keywords on which it has passed the site within the last 7 days; of the site: on which the site has passed one of them.',
  }),
  referringDomains: z.number().int(),
  newReferringDomains: z.object({ week: z.number().int(), fourWeeks: z.number().int() }),
})

export const Benchmark = z
  .object({
    keywords: z.number().int().meta({ description: 'Tracked keywords.' }),
    measured: z.number().int().meta({ description: 'Those with a good measurement within the last 3 days.' }),
    parties: z.array(Party).meta({ description: 'The site first, then its competitors, the most visible first.' }),
  })
  .meta({ id: 'Benchmark' })
export type Benchmark = z.infer<typeof Benchmark>

export const VisibilityHistory = z
  .object({
    days: z.array(
      z.object({
        day: z.iso.date(),
        parties: z.array(z.object({ competitorId: CompetitorId.nullable(), visibility: z.number() })),
      }),
    ),
  })
  .meta({ id: 'VisibilityHistory' })
export type VisibilityHistory = z.infer<typeof VisibilityHistory>

const params = z.strictObject({ siteId: SiteId })

export const getBenchmark = defineEndpoint('getBenchmark', {
  method: 'get',
  path: '/v1/sites/{siteId}/benchmark',
  doc: 'The site beside its competitors: visibility now, 7 and 28 days ago, share of voice, overtakes and new referring domains.',
  needs: 'read',
  params,
  answer: Benchmark,
})
export const getVisibility = defineEndpoint('getVisibility', {
  method: 'get',
  path: '/v1/sites/{siteId}/visibility',
  doc: 'Visibility day by day, of the site and of each competitor, for a chart. A keyword that was not measured on a day counts as on its last, for 3 days.',
  needs: 'read',
  params,
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(487).default(90) }),
  answer: VisibilityHistory,
})
