import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { type ChannelKind, colourOf, cut, escapeMarkdown, json, markOf } from './channel-kind.ts'

/** An attachment as Slack once had them. Rocket.Chat reads the same. */
export const mattermost: ChannelKind<SettingsOf<'mattermost' | 'rocketchat'>> = {
  build(message, { url }) {
    const title = cut(`${markOf(message)} ${escapeMarkdown(message.title)}`, 1_000)
    return json(url, {
      attachments: [
        {
          fallback: title,
          color: `#${colourOf(message)}`,
          title,
          ...(message.url === null ? {} : { title_link: message.url }),
          text: cut(escapeMarkdown(message.text), 7_000),
          fields: message.facts.map(({ name, value }) => ({
            short: true,
            title: escapeMarkdown(name),
            value: escapeMarkdown(value),
          })),
        },
      ],
    })
  },
  // Mattermost answers 400 to a hook that was deleted, Rocket.Chat 404.
  classify: ({ status, body }) =>
    (status === 400 || status === 404) && /invalid (incoming )?webhook|invalid integration/i.test(body)
      ? { verdict: 'gone' }
      : null,
}
