import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { type ChannelKind, cut, json, plainText, under } from './channel-kind.ts'

const types = { critical: 'failure', high: 'warning', medium: 'warning', low: 'info' } as const

/** An Apprise API server, which passes it on to whatever is configured under the key. */
export const apprise: ChannelKind<SettingsOf<'apprise'>> = {
  build: (message, { baseUrl, key, tag }) =>
    json(under(baseUrl, `notify/${key}`), {
      title: cut(message.title, 250),
      body: cut(plainText(message) + (message.url === null ? '' : `\n${message.url}`), 8_000) || message.title,
      type: message.status === 'resolved' ? 'success' : message.severity === null ? 'info' : types[message.severity],
      format: 'text',
      ...(tag === undefined ? {} : { tag }),
    }),
  classify({ status }) {
    // 204: there is nothing under this key; 424: one of the services behind it did not take it.
    if (status === 204) return { verdict: 'gone' }
    return status === 400 ? { verdict: 'never' } : null
  },
}
