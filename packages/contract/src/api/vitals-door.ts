import { z } from 'zod'
import { defineEndpoint } from '../endpoint.ts'
import { VitalsPost } from '../vitals.ts'

/** Comes from pages of customers, before the API's own door: any origin that the site allows, any content type, no credential but the key in it. */
export const reportVitals = defineEndpoint('reportVitals', {
  method: 'post',
  path: '/v1/vitals',
  doc: 'What a page measured, as the script at /v1/vitals.js?key=… sends it with sendBeacon: the body may be text/plain. Pages of other origins than the site and those it allows are refused; robots are heard and not counted.',
  needs: 'nothing',
  body: VitalsPost,
  status: 204,
  answer: z.void(),
})
