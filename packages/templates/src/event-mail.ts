import { eventDefinition } from '@tocsin/contract/events/catalog'
import type { Message } from '@tocsin/domain/deliveries/message'
import { html, oneLine } from './markup.ts'
import type { Draft } from './page.ts'

/** Of an event's data; whoever wants all of it reads the journal. */
const dataLengthMax = 20_000

/** For whatever a destination has asked for by name: what it means, and its data as it is. */
export function eventDraft(message: Message): Draft {
  const doc = eventDefinition(message.type)?.doc ?? message.type
  const facts = `${message.type} · ${message.at}${message.seq === null ? '' : ` · event ${message.seq}`}`
  const data = JSON.stringify(message.data, null, 2).slice(0, dataLengthMax)
  return {
    template: 'event',
    subject: oneLine(`${message.type}: ${doc}`),
    title: doc,
    intro: '',
    body: {
      text: `${facts}\n\n${data}`,
      markup: html`<p>${facts}</p><pre style="font-size:13px;white-space:pre-wrap;overflow-wrap:anywhere">${data}</pre>`,
    },
    path: '/',
    variables: { type: message.type, doc, at: message.at },
  }
}
