import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { type ChannelKind, cut, json, under } from './channel-kind.ts'

const severities = { critical: 'critical', high: 'error', medium: 'warning', low: 'info' } as const
const actions = { triggered: 'trigger', acknowledged: 'acknowledge', resolved: 'resolve', info: 'trigger' } as const

/** Events API v2. What belongs together has one `dedup_key`, and so one incident there. */
export const pagerduty: ChannelKind<SettingsOf<'pagerduty'>> = {
  build: (message, { routingKey, baseUrl }) =>
    json(under(baseUrl, 'v2/enqueue'), {
      routing_key: routingKey,
      event_action: actions[message.status],
      dedup_key: cut(message.dedupKey, 255),
      client: 'Tocsin',
      ...(message.url === null ? {} : { client_url: message.url, links: [{ href: message.url, text: 'Open in Tocsin' }] }),
      payload: {
        summary: cut(message.title, 1_024),
        source: message.facts.find(({ name }) => name === 'Site')?.value ?? 'Tocsin',
        severity: message.severity === null ? 'info' : severities[message.severity],
        timestamp: message.at,
        custom_details: {
          text: cut(message.text, 8_000),
          ...Object.fromEntries(message.facts.map(({ name, value }) => [name, value])),
        },
      },
    }),
  classify: ({ status }) => (status === 400 ? { verdict: 'never' } : null),
}
