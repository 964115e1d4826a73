import { z } from 'zod'
import { baseUrl, defineChannel, token } from '../channel.ts'

export const pushover = defineChannel('pushover', {
  title: 'Pushover',
  doc: 'An application of yours on pushover.net, and the user or group that it tells.',
  settings: z.strictObject({
    token: token('Application token', 'Of the application that sends.', 'azGDORePK8gMaC0QOYAMyEEuzJnyUi'),
    user: token('User or group key', 'Who is told.', 'uQiRzpo4DXghDmr9QzzfQu27cmVRsG'),
    baseUrl: baseUrl('https://api.pushover.net'),
  }),
  secrets: ['token', 'user'],
  address: ({ user }) => `…${user.slice(-4)}`,
})
