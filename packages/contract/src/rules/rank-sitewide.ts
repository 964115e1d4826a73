import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const rankSitewide = defineRule('rank.sitewide', {
  type: 'ranking_drop',
  title: 'Rankings fell across the site',
  doc: 'A fifth of the tracked keywords, and five at least, dropped, left the first page or were lost within a day. It takes the place of a threat for each of them. When competitors moved as much, the results are in motion for everybody. Over when less than a twentieth is still down.',
  impact: 'Search brings a good part fewer visitors to the whole site.',
  action:
    'Look for what the whole site has in common: robots.txt, noindex, a redirect, an outage, a release. Then for news of a search update.',
  config: z.strictObject({
    minShare: z
      .number()
      .min(0.05)
      .max(1)
      .default(0.2)
      .meta({ description: 'Share of the judged keywords from which it is the site.' }),
    minKeywords: z.number().int().min(2).max(1000).default(5).meta({ description: 'Keywords from which it is the site.' }),
    resolveShare: z.number().min(0).max(0.5).default(0.05).meta({ description: 'Share below which it is over.' }),
    volatileShare: z.number().min(0.05).max(1).default(0.2).meta({
      description:
        'Share of the positions of competitors on these keywords that moved as much, from which the results are in motion for everybody.',
    }),
    newBaselineDays: z
      .number()
      .int()
      .min(1)
      .max(90)
      .default(14)
      .meta({ description: 'Days after which the new positions are what is usual.' }),
  }),
})
