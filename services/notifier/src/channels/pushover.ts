import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { answerField, type ChannelKind, cut, form, plainText, under } from './channel-kind.ts'

/** 1: past the quiet hours that are set there. 2 would ring until it is acknowledged there, of which we would not hear. */
const priorities = { critical: '1', high: '0', medium: '0', low: '-1' } as const

export const pushover: ChannelKind<SettingsOf<'pushover'>> = {
  build: (message, { token, user, baseUrl }) =>
    form(under(baseUrl, '1/messages.json'), {
      token,
      user,
      title: cut(message.title, 250),
      message: cut(plainText(message), 1_024) || message.title,
      priority: message.status !== 'triggered' || message.severity === null ? '0' : priorities[message.severity],
      timestamp: String(Math.floor(Date.parse(message.at) / 1000)),
      ...(message.url === null ? {} : { url: cut(message.url, 512), url_title: 'Open in Tocsin' }),
    }),
  classify({ status, body }) {
    // "user identifier is not a valid user, group, or subscribed user key": it names the field.
    if (status === 400 && (answerField(body, 'user') === 'invalid' || answerField(body, 'token') === 'invalid'))
      return { verdict: 'gone' }
    return status === 400 ? { verdict: 'never' } : null
  },
}
