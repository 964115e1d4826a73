import { z } from 'zod'
import { defineChannel, hostOf, secretUrl } from '../channel.ts'

export const googleChat = defineChannel('google_chat', {
  title: 'Google Chat',
  doc: 'A webhook of a space: Apps and integrations, Webhooks.',
  settings: z.strictObject({
    url: secretUrl(
      'Webhook of the space, with its key and token.',
      'https://chat.googleapis.com/v1/spaces/XXXX/messages?key=XXXX&token=XXXX',
    ),
  }),
  secrets: ['url'],
  address: ({ url }) => hostOf(url),
})
