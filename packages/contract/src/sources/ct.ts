import { z } from 'zod'
import { defineSource, noCredentials, requestsPerDay } from '../source.ts'

export const ct = defineSource('ct', {
  title: 'Certificate transparency',
  doc: 'Certificates that were issued for the domain and its subdomains, as the public logs show them.',
  automatic: true,
  config: z.strictObject({ requestsPerDay: requestsPerDay(500, 5_000) }),
  credentials: noCredentials,
})
