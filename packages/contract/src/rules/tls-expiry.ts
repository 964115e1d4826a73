import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const tlsExpiry = defineRule('tls.expiry', {
  type: 'technical_error',
  title: 'Certificate is about to expire',
  doc: 'A certificate of the chain, on any address of the host, is near its end: measured against its own lifetime, so that short-lived certificates are not reported all the time. Over when a new one is on every address.',
  impact: 'From the moment it expires, browsers refuse to open the site.',
  action: 'Renew the certificate, or find out why the automatic renewal does not work.',
  config: z.strictObject({
    mediumDays: z
      .number()
      .min(1)
      .max(365)
      .default(30)
      .meta({ description: 'Days before the end, at most, from which it is medium.' }),
    mediumDivisor: z
      .number()
      .min(1.5)
      .max(100)
      .default(4)
      .meta({ description: 'For short-lived certificates: medium from when less than the lifetime divided by this is left.' }),
    highDays: z
      .number()
      .min(0.5)
      .max(180)
      .default(14)
      .meta({ description: 'Days before the end, at most, from which it is high.' }),
    highDivisor: z
      .number()
      .min(1.5)
      .max(100)
      .default(6)
      .meta({ description: 'For short-lived certificates: high from when less than the lifetime divided by this is left.' }),
    criticalDays: z
      .number()
      .min(0.1)
      .max(90)
      .default(3)
      .meta({ description: 'Days before the end, at most, from which it is critical.' }),
    criticalDivisor: z
      .number()
      .min(1.5)
      .max(100)
      .default(12)
      .meta({ description: 'For short-lived certificates: critical from when less than the lifetime divided by this is left.' }),
  }),
})
