import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { type ChannelKind, cut, json, plainText } from './channel-kind.ts'

const priorities = { critical: 5, high: 4, medium: 3, low: 2 } as const
const tags = { critical: 'rotating_light', high: 'warning', medium: 'warning', low: 'information_source' } as const

/** Published as JSON: a title in a header could not have umlauts. 4,096 bytes is what it takes for a message. */
export const ntfy: ChannelKind<SettingsOf<'ntfy'>> = {
  build: (message, { topic, accessToken, baseUrl }) =>
    json(
      baseUrl,
      {
        topic,
        title: cut(message.title, 250),
        message: cut(plainText(message), 1_300),
        priority: message.status !== 'triggered' || message.severity === null ? 3 : priorities[message.severity],
        tags: [message.status === 'resolved' ? 'white_check_mark' : message.severity === null ? 'bell' : tags[message.severity]],
        ...(message.url === null ? {} : { click: message.url }),
      },
      accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` },
    ),
}
