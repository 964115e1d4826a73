import { z } from 'zod'
import { defineChannel, hostOf, secretUrl } from '../channel.ts'

export const teams = defineChannel('teams', {
  title: 'Microsoft Teams',
  doc: 'A workflow “post to a channel when a webhook request is received”.',
  settings: z.strictObject({ url: secretUrl('Address of the workflow.', 'https://example.webhook.office.com/webhookb2/XXXX') }),
  secrets: ['url'],
  address: ({ url }) => hostOf(url),
})
