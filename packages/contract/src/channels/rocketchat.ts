import { z } from 'zod'
import { defineChannel, hostOf, secretUrl } from '../channel.ts'

export const rocketchat = defineChannel('rocketchat', {
  title: 'Rocket.Chat',
  doc: 'An incoming webhook integration of a Rocket.Chat server.',
  settings: z.strictObject({ url: secretUrl('Incoming webhook.', 'https://chat.example.com/hooks/XXXX/YYYY') }),
  secrets: ['url'],
  address: ({ url }) => hostOf(url),
})
