import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { answerField, type ChannelKind, colourOf, cut, escapeMarkdown, json, markOf } from './channel-kind.ts'

/** "Unknown Webhook" */
const unknownWebhook = 10_015

export const discord: ChannelKind<SettingsOf<'discord'>> = {
  build: (message, { url }) =>
    json(url, {
      embeds: [
        {
          title: cut(`${markOf(message)} ${escapeMarkdown(message.title)}`, 256),
          description: cut(escapeMarkdown(message.text), 4_000),
          color: Number.parseInt(colourOf(message), 16),
          timestamp: message.at,
          ...(message.url === null ? {} : { url: message.url }),
          fields: message.facts.slice(0, 25).map(({ name, value }) => ({
            name: cut(escapeMarkdown(name), 256),
            // An empty value is refused.
            value: cut(escapeMarkdown(value), 1_000) || '–',
            inline: true,
          })),
        },
      ],
      allowed_mentions: { parse: [] },
    }),
  classify({ status, body }) {
    if (status === 404 && answerField(body, 'code') === unknownWebhook) return { verdict: 'gone' }
    const seconds = answerField(body, 'retry_after')
    if (status === 429) return { verdict: 'later', retryAfterSeconds: typeof seconds === 'number' ? seconds : undefined }
    return null
  },
}
