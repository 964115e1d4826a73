import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { type ChannelKind, cut, json, plainText, under } from './channel-kind.ts'

const priorities = { critical: 10, high: 8, medium: 5, low: 3 } as const

export const gotify: ChannelKind<SettingsOf<'gotify'>> = {
  build: (message, { baseUrl, token }) =>
    json(
      under(baseUrl, 'message'),
      {
        title: cut(message.title, 250),
        message: cut(plainText(message), 8_000),
        priority: message.status !== 'triggered' || message.severity === null ? 4 : priorities[message.severity],
        ...(message.url === null ? {} : { extras: { 'client::notification': { click: { url: message.url } } } }),
      },
      { 'x-gotify-key': token },
    ),
}
