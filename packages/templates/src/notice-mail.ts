import type { Notice, NoticeAlert, NoticeKind } from '@tocsin/contract/notice'
import { severities } from '@tocsin/contract/rule'
import { html, inLine, type Markup, oneLine } from './markup.ts'
import type { Draft } from './page.ts'
import { utcTime } from './status-words.ts'
import { topicOf } from './topics/catalog.ts'

/** One alert is told as what it is; several as a list, worst first. */
export function noticeDraft(notice: Notice): Draft {
  const [first] = notice.alerts
  if (!first) throw new Error('A notice without an alert.')
  return notice.alerts.length + notice.more === 1 ? oneAlert(notice, first) : manyAlerts(notice, first)
}

function oneAlert(notice: Notice, alert: NoticeAlert): Draft {
  const topic = topicOf(alert)
  const over = alert.state === 'resolved'
  const title = inLine(alert.title)
  const facts: [string, string][] = [
    ...(alert.site ? [['Site', `${inLine(alert.site.name)} (${alert.site.url})`] satisfies [string, string]] : []),
    ['Severity', alert.severity],
    // The site is named above already, with its address.
    ...alert.facts
      .filter(({ name }) => name !== 'Site' || !alert.site)
      .map(({ name, value }): [string, string] => [inLine(name), inLine(value)]),
    ['Since', utcTime(alert.triggeredAt)],
    ...(alert.resolvedAt ? [['Resolved', utcTime(alert.resolvedAt)] satisfies [string, string]] : []),
    ['Rule', inLine(notice.rule)],
    ['Alert', alert.id],
  ]
  const told = [alert.description, ...(over ? [] : [alert.impact, alert.action, topic.hint])]
    .map(inLine)
    .filter((line) => line !== '')
  const tag = over ? 'Resolved' : `${alert.severity.toUpperCase()} ${topic.tag}`
  return {
    template: topic.id,
    subject: oneLine(`${lead(alert.kind)}${tag}: ${alert.title}${alert.site ? ` (${alert.site.name})` : ''}`),
    title,
    intro: sentenceOf(alert),
    body: {
      text: [...told, facts.map(([name, value]) => `${name}: ${value}`).join('\n')].join('\n\n'),
      markup: html`${told.map((line) => html`<p style="margin:0 0 16px">${line}</p>`)}${factTable(facts)}`,
    },
    path: alert.path,
    variables: {
      title: alert.title,
      severity: alert.severity,
      status: alert.state,
      kind: alert.kind,
      site: alert.site?.name ?? '',
      url: alert.site?.url ?? '',
      topic: topic.title,
      rule: notice.rule,
      description: alert.description,
      count: 1,
    },
  }
}

const leads: Partial<Record<NoticeKind, string>> = {
  reminder: 'Still open, ',
  escalated: 'Nobody has answered, ',
  acknowledged: 'Taken on, ',
  flapping_started: 'Comes and goes, ',
  flapping_stopped: 'Steady again, ',
}
const lead = (kind: NoticeKind): string => leads[kind] ?? ''

function sentenceOf(alert: NoticeAlert): string {
  const topic = topicOf(alert)
  switch (alert.kind) {
    case 'triggered':
      return topic.found(alert)
    case 'worsened':
      return topic.worse(alert)
    case 'resolved':
      return topic.over(alert)
    case 'acknowledged':
      return 'Somebody of your organisation has taken this on.'
    case 'flapping_started':
      return 'This comes and goes. Nothing more is told of it until it is steady.'
    case 'flapping_stopped':
      return `This no longer comes and goes: it is ${alert.state === 'resolved' ? 'over' : 'wrong'} for good, as far as we can see.`
    case 'reminder':
      return 'This is still open, and nobody has said that they are on it.'
    case 'escalated':
      return 'This was told to others first, and nobody has said that they are on it.'
  }
}

function manyAlerts(notice: Notice, first: NoticeAlert): Draft {
  const count = notice.alerts.length + notice.more
  const worst = severities.find((severity) => notice.alerts.some((alert) => alert.severity === severity)) ?? first.severity
  const over = notice.alerts.every(({ state }) => state === 'resolved')
  const lines = notice.alerts.map((alert) => ({
    head: `${alert.state === 'resolved' ? 'Resolved' : alert.severity.toUpperCase()}: ${inLine(alert.title)}${alert.site ? ` (${inLine(alert.site.name)})` : ''}`,
    text: `${lead(alert.kind)}${sentenceOf(alert)}`,
    id: `${alert.triggeredAt} · ${alert.id}`,
  }))
  const others = notice.more > 0 ? `And ${notice.more} more.` : ''
  return {
    template: 'alert.group',
    subject: oneLine(`${over ? 'Resolved' : worst.toUpperCase()}: ${count} alerts, first ${first.title}`),
    title: `${count} alerts`,
    intro: over
      ? `These ${count} alerts are over.`
      : `These ${count} alerts belong together by your rule “${inLine(notice.rule)}”, and come as one message.`,
    body: {
      text: [lines.map(({ head, text, id }) => `- ${head}\n  ${text}\n  ${id}`).join('\n'), others]
        .filter((part) => part !== '')
        .join('\n\n'),
      markup: html`<ul style="padding-left:20px;margin:0">${lines.map(({ head, text, id }) => html`<li style="margin:0 0 12px"><strong>${head}</strong><br>${text}<br><small class="quiet" style="color:#5f5f6b">${id}</small></li>`)}</ul>${others === '' ? html`` : html`<p>${others}</p>`}`,
    },
    path: '/alerts',
    variables: {
      title: first.title,
      severity: worst,
      status: over ? 'resolved' : 'triggered',
      site: first.site?.name ?? '',
      rule: notice.rule,
      count,
    },
  }
}

const factTable = (facts: readonly (readonly [string, string])[]): Markup =>
  html`<table class="card" style="border-collapse:collapse;border-top:1px solid #e4e4ea;width:100%">${facts.map(([name, value]) => html`<tr><th scope="row" style="text-align:left;vertical-align:top;padding:4px 16px 4px 0;font-weight:600;white-space:nowrap">${name}</th><td style="padding:4px 0;overflow-wrap:anywhere">${value}</td></tr>`)}</table>`
