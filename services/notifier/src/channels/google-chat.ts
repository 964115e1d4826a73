import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { type ChannelKind, cut, escapeHtml, json, markOf } from './channel-kind.ts'

/** A card; messages about the same thing share a thread. */
export const googleChat: ChannelKind<SettingsOf<'google_chat'>> = {
  build(message, settings) {
    const url = new URL(settings.url)
    url.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD')
    const widgets = [
      ...(message.text === ''
        ? []
        : [{ textParagraph: { text: escapeHtml(cut(message.text, 4_000)).replaceAll('\n', '<br>') } }]),
      ...message.facts.map(({ name, value }) => ({ decoratedText: { topLabel: name, text: escapeHtml(value), wrapText: true } })),
      ...(message.url === null
        ? []
        : [{ buttonList: { buttons: [{ text: 'Open in Tocsin', onClick: { openLink: { url: message.url } } }] } }]),
    ]
    return json(url.href, {
      // What a phone shows; a mention needs "<users/", and there is no "<".
      text: cut(`${markOf(message)} ${message.title.replaceAll('<', '‹')}`, 1_000),
      thread: { threadKey: cut(message.dedupKey, 4_000) },
      cardsV2: [{ cardId: 'alert', card: { header: { title: cut(message.title, 200) }, sections: [{ widgets }] } }],
    })
  },
  classify: ({ status }) => (status === 404 ? { verdict: 'gone' } : null),
}
