import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { type ChannelKind, cut, json, plainText, under } from './channel-kind.ts'

const priorities = { critical: 'P1', high: 'P2', medium: 'P3', low: 'P4' } as const

/** The Alert API. The alias is what its alerts are the same by. */
export const opsgenie: ChannelKind<SettingsOf<'opsgenie'>> = {
  build(message, { apiKey, baseUrl }) {
    const headers = { authorization: `GenieKey ${apiKey}` }
    const alias = cut(message.dedupKey, 512)
    const about = (verb: string) => under(baseUrl, `v2/alerts/${encodeURIComponent(alias)}/${verb}?identifierType=alias`)
    if (message.status === 'resolved' || message.status === 'acknowledged')
      return json(
        about(message.status === 'resolved' ? 'close' : 'acknowledge'),
        { source: 'Tocsin', note: cut(message.title, 20_000) },
        headers,
      )
    return json(
      under(baseUrl, 'v2/alerts'),
      {
        message: cut(message.title, 130),
        alias,
        description: cut(plainText(message), 15_000),
        priority: message.severity === null ? 'P5' : priorities[message.severity],
        source: 'Tocsin',
        details: Object.fromEntries([
          ...message.facts.map(({ name, value }) => [name, value]),
          ...(message.url === null ? [] : [['Tocsin', message.url]]),
        ]),
      },
      headers,
    )
  },
  // It takes requests for later and answers 202. 422: the message; 401 and 403: a key that may be set anew.
  classify: ({ status }) => (status === 422 || status === 400 ? { verdict: 'never' } : null),
}
