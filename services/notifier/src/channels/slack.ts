import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { type ChannelKind, colourOf, cut, json, markOf } from './channel-kind.ts'

/** Slack reads only these three as markup's beginning; `<!channel>` and links need a "<". */
const escapeMrkdwn = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Incoming webhook with Block Kit. */
export const slack: ChannelKind<SettingsOf<'slack'>> = {
  build(message, { url }) {
    const title = `${markOf(message)} ${message.title}`
    const fields = message.facts
      .slice(0, 10)
      .map(({ name, value }) => ({ type: 'mrkdwn', text: cut(`*${escapeMrkdwn(name)}*\n${escapeMrkdwn(value)}`, 2_000) }))
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: cut(title, 150) } },
      ...(message.text === '' ? [] : [{ type: 'section', text: { type: 'plain_text', text: cut(message.text, 2_900) } }]),
      ...(fields.length === 0 ? [] : [{ type: 'section', fields }]),
      ...(message.url === null
        ? []
        : [
            {
              type: 'actions',
              elements: [{ type: 'button', text: { type: 'plain_text', text: 'Open in Tocsin' }, url: message.url }],
            },
          ]),
    ]
    return json(url, { text: cut(escapeMrkdwn(title), 2_900), attachments: [{ color: `#${colourOf(message)}`, blocks }] })
  },
  classify({ status, body }) {
    // What Slack says of a webhook or a channel that is no more.
    const gone =
      /^(no_service|no_team|team_disabled|channel_not_found|channel_is_archived|invalid_token|action_prohibited|posting_to_general_channel_denied)/
    if (status >= 400 && status < 500 && gone.test(body)) return { verdict: 'gone' }
    return status === 400 || status === 413 ? { verdict: 'never' } : null
  },
}
