import { z } from 'zod'
import { ApiKeyCredentials, defineSource, requestsPerDay } from '../source.ts'

export const safeBrowsing = defineSource('safe_browsing', {
  title: 'Google Safe Browsing',
  doc: 'Whether browsers warn their users about the site, its scripts or its links. For non-commercial use only.',
  automatic: false,
  config: z.strictObject({ requestsPerDay: requestsPerDay(1_000, 100_000) }),
  credentials: ApiKeyCredentials,
})
