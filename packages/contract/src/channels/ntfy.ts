import { z } from 'zod'
import { baseUrl, defineChannel, hostOf, token } from '../channel.ts'

export const ntfy = defineChannel('ntfy', {
  title: 'ntfy',
  doc: 'A topic on ntfy.sh or on your own server. Whoever knows the topic can read it.',
  settings: z.strictObject({
    topic: token('Topic', 'The name of the topic.', 'shop-alerts').regex(/^[\w-]{1,64}$/, 'Must be letters, digits, _ and -.'),
    accessToken: token('Access token', 'Where the topic is protected.', 'tk_XXXX').optional(),
    baseUrl: baseUrl('https://ntfy.sh'),
  }),
  secrets: ['accessToken'],
  address: (settings) => `${hostOf(settings.baseUrl)}/${settings.topic}`,
})
