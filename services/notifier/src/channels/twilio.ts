import type { SettingsOf } from '@tocsin/contract/channels/catalog'
import { answerField, type ChannelKind, cut, form, markOf, under } from './channel-kind.ts'

/** The number is none, cannot get text messages, is not verified, or its owner said STOP. */
const gone: readonly unknown[] = [21_211, 21_214, 21_610, 21_612, 21_614]

/** Three parts of a text message at most: each costs. */
const lengthMax = 450

export const twilio: ChannelKind<SettingsOf<'twilio'>> = {
  build(message, { accountSid, authToken, from, to, baseUrl }) {
    const link = message.url === null ? '' : `\n${message.url}`
    return form(
      under(baseUrl, `2010-04-01/Accounts/${accountSid}/Messages.json`),
      {
        From: from,
        To: to,
        Body: cut(`${markOf(message)} ${message.title}\n${message.text}`, Math.max(160, lengthMax - link.length)) + link,
      },
      { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    )
  },
  classify({ status, body }) {
    if (status === 400 && gone.includes(answerField(body, 'code'))) return { verdict: 'gone' }
    return status === 400 ? { verdict: 'never' } : null
  },
}
