import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const domainExpiry = defineRule('domain.expiry', {
  type: 'technical_error',
  title: 'Domain registration ends soon',
  doc: 'The registration of the domain ends within 30 days (high: 14, critical: 7), or has ended and the domain is in its redemption period, as two queries of the registry agree. Registries without RDAP are unknown. Over when the date has moved.',
  impact: 'When a registration ends, the site, its mail and everything else under the domain stop, and strangers may buy it.',
  action: 'Renew the domain at the registrar, and check that automatic renewal and its means of payment work.',
  config: z.strictObject({
    mediumDays: z
      .number()
      .int()
      .min(1)
      .max(365)
      .default(30)
      .meta({ description: 'Days before the end from which it is medium.' }),
    highDays: z.number().int().min(1).max(365).default(14).meta({ description: 'Days before the end from which it is high.' }),
    criticalDays: z
      .number()
      .int()
      .min(1)
      .max(365)
      .default(7)
      .meta({ description: 'Days before the end from which it is critical.' }),
  }),
})
