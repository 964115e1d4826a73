import { z } from 'zod'
import { baseUrl, defineChannel, token } from '../channel.ts'

export const opsgenie = defineChannel('opsgenie', {
  title: 'Opsgenie',
  doc: 'An API integration of a team; in Europe the server is https://api.eu.opsgenie.com.',
  settings: z.strictObject({
    apiKey: token('API key', 'Of the integration.', '01234567-89ab-cdef-0123-456789abcdef'),
    baseUrl: baseUrl('https://api.opsgenie.com'),
  }),
  secrets: ['apiKey'],
  address: ({ apiKey }) => `…${apiKey.slice(-4)}`,
})
