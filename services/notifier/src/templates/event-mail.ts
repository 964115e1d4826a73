import { eventDefinition } from '@tocsin/contract/events/catalog'
import type { Message } from '@tocsin/domain/deliveries/message'
import { html, oneLine } from './markup.ts'
import { footerText, linkTo, type Mail, type MailContext, page } from './page.ts'

/** Of an event's data; whoever wants all of it reads the journal. */
const dataLengthMax = 20_000

/** For whatever a destination has asked for by name: what it means, and its data as it is. */
export function eventMail(message: Message, { publicUrl }: MailContext): Mail {
  const doc = eventDefinition(message.type)?.doc ?? message.type
  const facts = `${message.type} · ${message.at}${message.seq === null ? '' : ` · event ${message.seq}`}`
  const data = JSON.stringify(message.data, null, 2).slice(0, dataLengthMax)
  const link = linkTo(publicUrl, '/')
  return {
    subject: oneLine(`${message.type}: ${doc}`),
    text: [doc, facts, data + link.text, footerText].join('\n\n'),
    html: page(
      doc,
      html`<p>${facts}</p><pre style="font-size:13px;white-space:pre-wrap;overflow-wrap:anywhere">${data}</pre>${link.markup}`,
      footerText,
    ),
  }
}
