import { z } from 'zod'
import { ApiKeyCredentials, defineSource, requestsPerDay } from '../source.ts'

export const webRisk = defineSource('web_risk', {
  title: 'Google Web Risk',
  doc: 'Whether browsers warn their users about the site, its scripts or its links; the commercial sister of Safe Browsing.',
  automatic: false,
  config: z.strictObject({ requestsPerDay: requestsPerDay(1_000, 1_000_000) }),
  credentials: ApiKeyCredentials,
})
