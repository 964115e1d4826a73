import { severities } from '@tocsin/contract/rule'
import type { DigestData, DigestEntry } from '@tocsin/domain/deliveries/message'
import { html, inLine } from './markup.ts'
import { footerText, linkTo, type Mail, type MailContext, page } from './page.ts'

const word: Record<string, string> = { 'threat.detected': 'found', 'threat.resolved': 'resolved', 'threat.updated': 'changed' }

/** Every entry is named with the ids by which it can be looked up. */
export function digestMail({ part, parts, total, entries }: DigestData, { publicUrl }: MailContext): Mail {
  const title = `${total} ${total === 1 ? 'message' : 'messages'} over the daily limit`
  const partly = parts > 1 ? `Part ${part} of ${parts}. ` : ''
  const counts = `${partly}In this mail: ${countsOf(entries)}.`
  const lines = entries.map((entry) => ({ entry, head: headOf(entry), ids: idsOf(entry) }))
  const link = linkTo(publicUrl, '/')
  return {
    subject: `Digest: ${title}${parts > 1 ? ` (${part}/${parts})` : ''}`,
    text: [title, counts, lines.map(({ head, ids }) => `- ${head}\n  ${ids}`).join('\n') + link.text, footerText].join('\n\n'),
    html: page(
      title,
      html`<p>${counts}</p><ul style="padding-left:20px">${lines.map(({ head, ids }) => html`<li>${head}<br><small style="color:#5f5f6b">${ids}</small></li>`)}</ul>${link.markup}`,
      footerText,
    ),
  }
}

function countsOf(entries: readonly DigestEntry[]): string {
  const found = entries.filter((entry) => entry.type === 'threat.detected')
  const counts = severities
    .map((severity) => ({ severity, count: found.filter((entry) => entry.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
  const others = entries.length - found.length
  return [...counts, ...(others > 0 ? [`${others} about how threats went on`] : [])].join(', ')
}

const headOf = ({ severity, title, site, type }: DigestEntry): string =>
  `${severity ? `${severity.toUpperCase()}: ` : ''}${inLine(title)}${site ? ` (${inLine(site)})` : ''}, ${word[type] ?? type}`

const idsOf = ({ at, threatId, seq }: DigestEntry): string =>
  [at, threatId, seq === null ? null : `event ${seq}`].filter((part) => part !== null).join(' · ')
