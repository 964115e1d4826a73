import { z } from 'zod'
import { defineChannel, hostOf, ownServer, token } from '../channel.ts'

export const gotify = defineChannel('gotify', {
  title: 'Gotify',
  doc: 'An application on your Gotify server.',
  settings: z.strictObject({
    baseUrl: ownServer('https://gotify.example.com'),
    token: token('Application token', 'Of the application that sends.', 'AXXXX'),
  }),
  secrets: ['token'],
  address: (settings) => hostOf(settings.baseUrl),
})
