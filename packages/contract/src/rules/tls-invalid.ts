import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const tlsInvalid = defineRule('tls.invalid', {
  type: 'technical_error',
  title: 'Certificate is not valid',
  doc: 'A certificate has expired, is for another name, is not trusted, lacks an intermediate certificate or is signed with SHA-1, on any address of the host. Over when it was valid twice.',
  impact: 'Browsers warn visitors away or refuse to open the site.',
  action: 'Install a valid certificate together with its intermediate certificates on every server of the host.',
  config: z.strictObject({}),
})
