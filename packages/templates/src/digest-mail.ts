import type { PlanReason } from '@tocsin/contract/api/deliveries'
import { severities } from '@tocsin/contract/rule'
import type { DigestData, DigestEntry } from '@tocsin/domain/deliveries/message'
import { html, inLine, type Markup } from './markup.ts'
import type { Draft } from './page.ts'

const word: Record<string, string> = {
  'alert.triggered': 'triggered',
  'alert.worsened': 'got worse',
  'alert.resolved': 'resolved',
  'alert.acknowledged': 'acknowledged',
  'alert.flapping_started': 'comes and goes',
  'alert.flapping_stopped': 'is steady again',
  'alert.reminder': 'still there',
  'alert.escalated': 'escalated',
}

/** Every entry is named with the ids by which it can be looked up; what is over by now comes last. */
export function digestDraft({ part, parts, total, reasons, entries }: DigestData): Draft {
  const title = titleOf(total, reasons)
  const partly = parts > 1 ? `Part ${part} of ${parts}. ` : ''
  const over = entries.filter(({ now }) => now === 'resolved')
  const since = over.length > 0 ? ` ${over.length} of them resolved since.` : ''
  const rest = entries.filter(({ now }) => now !== 'resolved')
  const sections = [
    { name: over.length > 0 ? 'Not over yet' : null, entries: rest },
    { name: 'Resolved since', entries: over },
  ].filter((section) => section.entries.length > 0)
  return {
    template: 'digest',
    subject: `Digest: ${title}${parts > 1 ? ` (${part}/${parts})` : ''}`,
    title,
    intro: `${partly}In this mail: ${countsOf(entries)}.${since}`,
    body: { text: sections.map(sectionText).join('\n\n'), markup: html`${sections.map(sectionMarkup)}` },
    path: entries.some(({ alertId }) => alertId) ? '/alerts' : '/',
    variables: { count: total, resolved: over.length, part, parts },
  }
}

interface Section {
  readonly name: string | null
  readonly entries: readonly DigestEntry[]
}

const sectionText = ({ name, entries }: Section): string =>
  [...(name ? [`${name}:`] : []), ...entries.map((entry) => `- ${headOf(entry)}\n  ${idsOf(entry)}`)].join('\n')

const sectionMarkup = ({ name, entries }: Section): Markup =>
  html`${name ? html`<h2 style="font-size:16px;margin:24px 0 8px">${name}</h2>` : html``}<ul style="padding-left:20px">${entries.map((entry) => html`<li>${headOf(entry)}<br><small class="quiet" style="color:#5f5f6b">${idsOf(entry)}</small></li>`)}</ul>`

const waitedFor: Partial<Record<PlanReason, string>> = {
  over_daily_limit: 'over the daily limit',
  do_not_disturb: 'from your quiet hours',
  hourly_digest: 'of the last hour',
  daily_digest: 'of the last day',
}

function titleOf(total: number, reasons: readonly PlanReason[]): string {
  const [reason] = reasons
  const why = (reasons.length === 1 && reason && waitedFor[reason]) || 'that waited for you'
  return `${total} ${total === 1 ? 'message' : 'messages'} ${why}`
}

function countsOf(entries: readonly DigestEntry[]): string {
  const found = entries.filter(({ alertId }) => alertId !== null)
  const counts = severities
    .map((severity) => ({ severity, count: found.filter((entry) => entry.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
  const others = entries.length - found.length
  return [...counts, ...(others > 0 ? [`${others} about other things`] : [])].join(', ')
}

function headOf({ severity, title, site, type, now }: DigestEntry): string {
  const what = `${severity ? `${severity.toUpperCase()}: ` : ''}${inLine(title)}${site ? ` (${inLine(site)})` : ''}`
  const happened = word[type] ?? type
  return now === 'acknowledged' && happened !== 'acknowledged'
    ? `${what}, ${happened}, acknowledged since`
    : `${what}, ${happened}`
}

const idsOf = ({ at, alertId, seq }: DigestEntry): string =>
  [at, alertId, seq === null ? null : `event ${seq}`].filter((part) => part !== null).join(' · ')
