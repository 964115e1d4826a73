import { z } from 'zod'
import { baseUrl, defineChannel, token } from '../channel.ts'

const phone = (title: string) =>
  z
    .string()
    .trim()
    .regex(/^\+[1-9]\d{6,14}$/, 'Must be a number with its country, such as +4915112345678.')
    .meta({ title, example: '+4915112345678' })

export const twilio = defineChannel('twilio', {
  title: 'Text message (Twilio)',
  doc: 'Text messages through an account at Twilio. Each one costs money there.',
  settings: z.strictObject({
    accountSid: token('Account SID', 'On the console of Twilio.', 'AC0123456789abcdef0123456789abcdef').regex(
      /^AC[0-9a-f]{32}$/i,
      'Must begin with AC and have 32 digits of base 16.',
    ),
    authToken: token('Auth token', 'Beside it.', '0123456789abcdef0123456789abcdef'),
    from: phone('From'),
    to: phone('To'),
    baseUrl: baseUrl('https://api.twilio.com'),
  }),
  secrets: ['authToken'],
  address: ({ to }) => to,
})
