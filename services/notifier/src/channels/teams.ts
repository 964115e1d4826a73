import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { type ChannelKind, cut, escapeMarkdown, json, markOf } from './channel-kind.ts'

const colours = { critical: 'Attention', high: 'Warning', medium: 'Warning', low: 'Accent' } as const

/** A workflow's webhook takes an Adaptive Card; 28 kB is the most it takes. */
export const teams: ChannelKind<SettingsOf<'teams'>> = {
  build(message, { url }) {
    const colour = message.status === 'resolved' ? 'Good' : message.severity === null ? 'Default' : colours[message.severity]
    const card = {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.4',
      body: [
        {
          type: 'TextBlock',
          size: 'Medium',
          weight: 'Bolder',
          wrap: true,
          color: colour,
          text: cut(`${markOf(message)} ${escapeMarkdown(message.title)}`, 1_000),
        },
        // A single line end is a space to it.
        { type: 'TextBlock', wrap: true, text: cut(escapeMarkdown(message.text).replaceAll('\n', '\n\n'), 8_000) },
        {
          type: 'FactSet',
          facts: message.facts.slice(0, 20).map(({ name, value }) => ({ title: name, value: escapeMarkdown(value) })),
        },
      ],
      actions: message.url === null ? [] : [{ type: 'Action.OpenUrl', title: 'Open in Tocsin', url: message.url }],
    }
    return json(url, {
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
    })
  },
  classify({ status, body }) {
    if (status === 404 || status === 410) return { verdict: 'gone' }
    // Its connectors answer 200 and tell of the failure in the body.
    const hidden = /endpoint returned HTTP error (\d{3})/.exec(body)?.[1]
    return hidden === undefined ? null : { verdict: 'later' }
  },
}
