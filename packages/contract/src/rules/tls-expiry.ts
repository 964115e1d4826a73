import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const tlsExpiry = defineRule('tls.expiry', {
  type: 'technical_error',
  title: 'Certificate is about to expire',
  doc: 'A certificate of the chain, on any address of the host, is near its end: measured against its own lifetime, so that short-lived certificates are not reported all the time. Over when a new one is on every address.',
  impact: 'From the moment it expires, browsers refuse to open the site.',
  action: 'Renew the certificate, or find out why the automatic renewal does not work.',
  config: z.strictObject({}),
})
