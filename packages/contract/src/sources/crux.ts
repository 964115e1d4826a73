import { z } from 'zod'
import { ApiKeyCredentials, defineSource, requestsPerDay } from '../source.ts'

export const crux = defineSource('crux', {
  title: 'Chrome UX Report',
  doc: 'How fast the site is for its visitors who use Chrome, by page and for the site as a whole; new figures come once a day.',
  automatic: false,
  config: z.strictObject({ requestsPerDay: requestsPerDay(1_000, 200_000) }),
  credentials: ApiKeyCredentials,
})
