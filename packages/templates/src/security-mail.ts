import type { SecurityNotice } from '@tocsin/contract/security-notice'
import { html, inLine } from './markup.ts'
import type { Draft } from './page.ts'

/** In our words alone: whoever gets into an org must not be able to make it look harmless. */
export function securityDraft({ title, facts, action, path }: SecurityNotice): Draft {
  const lines = facts.map(({ name, value }) => ({ name, value: inLine(value) }))
  return {
    template: null,
    subject: `Security: ${title}`,
    title,
    intro: '',
    body: {
      text: [lines.map(({ name, value }) => `${name}: ${value}`).join('\n'), action].join('\n\n'),
      markup: html`<p>${lines.map(({ name, value }) => html`<strong>${name}</strong>: ${value}<br>`)}</p><p>${action}</p>`,
    },
    path,
    variables: {},
    footer: 'Sent by Tocsin. Mail about who may do what cannot be turned off.',
  }
}
