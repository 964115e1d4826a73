import { z } from 'zod'
import { defineChannel, hostOf, secretUrl } from '../channel.ts'

export const slack = defineChannel('slack', {
  title: 'Slack',
  doc: 'An incoming webhook of a Slack app, for one channel.',
  settings: z.strictObject({
    url: secretUrl('Incoming webhook of your Slack app.', 'https://hooks.slack.com/services/T000/B000/XXXX'),
  }),
  secrets: ['url'],
  address: ({ url }) => hostOf(url),
})
