import { z } from 'zod'
import { defineChannel, hostOf, ownServer, token } from '../channel.ts'

export const apprise = defineChannel('apprise', {
  title: 'Apprise',
  doc: 'A configuration on your Apprise API server, which knows some hundred further services.',
  settings: z.strictObject({
    baseUrl: ownServer('https://apprise.example.com'),
    key: token('Configuration key', 'The key under which the configuration is kept.', 'ops').regex(
      /^[\w-]{1,128}$/,
      'Must be letters, digits, _ and -.',
    ),
    tag: token('Tag', 'Only those of the configuration that have this tag.', 'oncall').optional(),
  }),
  secrets: [],
  address: (settings) => `${hostOf(settings.baseUrl)}/${settings.key}`,
})
