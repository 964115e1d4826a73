import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { answerField, type ChannelKind, cut, escapeHtml, factLines, json, markOf, under } from './channel-kind.ts'

const gone =
  /blocked by the user|chat not found|user is deactivated|bot was kicked|not a member|group chat was (deleted|upgraded)/i

/** The Bot API. It counts characters as they are shown: escaping comes after cutting, and so nothing of it is cut in half. */
export const telegram: ChannelKind<SettingsOf<'telegram'>> = {
  build(message, { token, chatId, baseUrl }) {
    const title = escapeHtml(cut(message.title, 500))
    const text = escapeHtml(cut([message.text, ...factLines(message)].join('\n'), 3_000))
    return json(under(baseUrl, `bot${token}/sendMessage`), {
      chat_id: chatId,
      text: `${markOf(message)} <b>${title}</b>\n${text}`,
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      ...(message.url === null ? {} : { reply_markup: { inline_keyboard: [[{ text: 'Open in Tocsin', url: message.url }]] } }),
    })
  },
  classify({ status, body }) {
    const description = answerField(body, 'description')
    if (typeof description === 'string' && gone.test(description)) return { verdict: 'gone' }
    const seconds = answerField(body, 'parameters', 'retry_after')
    if (status === 429) return { verdict: 'later', retryAfterSeconds: typeof seconds === 'number' ? seconds : undefined }
    // It does not know the bot: a token that was revoked may be set anew.
    if (status === 404) return { verdict: 'later' }
    return answerField(body, 'ok') === false ? { verdict: status === 400 ? 'never' : 'later' } : null
  },
}
