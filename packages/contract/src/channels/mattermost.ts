import { z } from 'zod'
import { defineChannel, hostOf, secretUrl } from '../channel.ts'

export const mattermost = defineChannel('mattermost', {
  title: 'Mattermost',
  doc: 'An incoming webhook of a Mattermost server.',
  settings: z.strictObject({ url: secretUrl('Incoming webhook.', 'https://chat.example.com/hooks/XXXX') }),
  secrets: ['url'],
  address: ({ url }) => hostOf(url),
})
