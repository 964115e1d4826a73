import { z } from 'zod'
import { defineChannel, hostOf, secretUrl } from '../channel.ts'

export const discord = defineChannel('discord', {
  title: 'Discord',
  doc: 'A webhook of a Discord channel: Edit channel, Integrations, Webhooks.',
  settings: z.strictObject({ url: secretUrl('Webhook of the channel.', 'https://discord.com/api/webhooks/0000/XXXX') }),
  secrets: ['url'],
  address: ({ url }) => hostOf(url),
})
