import { z } from 'zod'
import { defineEndpoint } from '../endpoint.ts'
import { SiteId } from '../ids.ts'
import { BeaconKey, FormFactor, VitalBand, VitalMetric } from '../vitals.ts'

const Origin = z
  .url({ protocol: /^https?$/ })
  .max(300)
  .refine((text) => URL.parse(text)?.origin === text, 'Must be an origin, such as https://shop.example.com.')
  .meta({ example: 'https://shop.example.com' })

export const VitalsBeacon = z
  .object({
    siteId: SiteId,
    key: BeaconKey.nullable().meta({ description: 'Null until one is made. It is public: it stands in every page.' }),
    sampleRate: z.number().meta({ description: 'The share of page views that are measured; 0 measures none.' }),
    allowedOrigins: z
      .array(Origin)
      .meta({ description: "Origins that may report besides the site's own host and its subdomains." }),
    version: z.number().int(),
  })
  .meta({ id: 'VitalsBeacon' })
export type VitalsBeacon = z.infer<typeof VitalsBeacon>

export const VitalsBeaconChanges = z
  .strictObject({
    sampleRate: z.number().min(0).max(1).optional(),
    allowedOrigins: z.array(Origin).max(20).optional(),
  })
  .meta({ id: 'VitalsBeaconChanges' })
export type VitalsBeaconChanges = z.infer<typeof VitalsBeaconChanges>

const Share = z.number().min(0).max(1)
const Day = z.iso.date()

const VitalFigures = {
  n: z.number().int().meta({ description: 'Page views measured.' }),
  p75: z.number().nullable().meta({ description: 'Milliseconds; a score for CLS. Null without a measurement.' }),
  goodShare: Share.nullable(),
  poorShare: Share.nullable(),
}

export const VitalSeries = z
  .object({
    metric: VitalMetric,
    form: FormFactor.nullable().meta({ description: 'Null: all of them together.' }),
    template: z.string().nullable().meta({ description: 'The pattern of the paths; null: the whole site.' }),
    ...VitalFigures,
    band: VitalBand.nullable(),
    days: z.array(z.object({ day: Day, ...VitalFigures })),
  })
  .meta({ id: 'VitalSeries' })
export type VitalSeries = z.infer<typeof VitalSeries>

export const CruxFigures = z
  .object({
    target: z.string().meta({ description: 'A page, or the origin that stands in for it.' }),
    form: FormFactor,
    metric: VitalMetric,
    from: Day,
    to: Day,
    p75: z.number(),
    goodShare: Share.nullable(),
    poorShare: Share.nullable(),
    band: VitalBand,
  })
  .meta({ id: 'CruxFigures' })
export type CruxFigures = z.infer<typeof CruxFigures>

export const VitalsReport = z
  .object({
    from: Day,
    to: Day,
    data: z.array(VitalSeries),
    templates: z
      .array(z.object({ template: z.string(), n: z.number().int() }))
      .meta({ description: 'By page views measured in these days, most first; 100 at most.' }),
    crux: z.array(CruxFigures).meta({ description: 'The latest period of the Chrome UX Report, where a source is connected.' }),
  })
  .meta({ id: 'VitalsReport' })
export type VitalsReport = z.infer<typeof VitalsReport>

const params = z.strictObject({ siteId: SiteId })

export const getVitals = defineEndpoint('getVitals', {
  method: 'get',
  path: '/v1/sites/{siteId}/vitals',
  doc: 'What visitors measured: 75th percentile and shares by metric, in all and by day.',
  needs: 'read',
  params,
  query: z.strictObject({
    days: z.coerce.number().int().min(1).max(400).default(28).meta({ description: 'Days (UTC), today included.' }),
    metric: VitalMetric.optional(),
    form: FormFactor.optional(),
    template: z.string().min(1).max(200).optional(),
    by: z.enum(['site', 'form', 'template']).default('site').meta({ description: 'What a series is of.' }),
  }),
  answer: VitalsReport,
})
export const getVitalsBeacon = defineEndpoint('getVitalsBeacon', {
  method: 'get',
  path: '/v1/sites/{siteId}/vitals/beacon',
  doc: 'How the pages of a site report what their visitors measure. The script is at /v1/vitals.js?key=….',
  needs: 'read',
  params,
  answer: VitalsBeacon,
})
export const updateVitalsBeacon = defineEndpoint('updateVitalsBeacon', {
  method: 'patch',
  path: '/v1/sites/{siteId}/vitals/beacon',
  doc: 'Change how many page views are measured and which other origins may report. If-Match is honoured.',
  needs: 'write',
  params,
  body: VitalsBeaconChanges,
  answer: VitalsBeacon,
})
export const rotateVitalsBeacon = defineEndpoint('rotateVitalsBeacon', {
  method: 'post',
  path: '/v1/sites/{siteId}/vitals/beacon/rotate',
  doc: 'Make the key of the beacon, or another one: pages with the key from before no longer report.',
  needs: 'write',
  params,
  status: 200,
  answer: VitalsBeacon,
})
