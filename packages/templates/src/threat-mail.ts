import type { DataOf } from '@tocsin/contract/event'
import type { threatDetected } from '@tocsin/contract/events/threats'
import type { Message } from '@tocsin/domain/deliveries/message'
import { html, inLine, oneLine } from './markup.ts'
import type { Draft } from './page.ts'

const happened: Record<string, string> = {
  'threat.detected': 'A fault was found',
  'threat.updated': 'An open fault changed',
  'threat.acknowledged': 'Somebody is on it',
  'threat.accepted': 'The fault was accepted as meant',
  'threat.flapped': 'The fault comes and goes: you hear of it again when it is steady',
  'threat.resolved': 'The fault is gone',
}

export function threatDraft(message: Message, { threat, site }: DataOf<typeof threatDetected>): Draft {
  const over = message.type === 'threat.resolved'
  const title = inLine(threat.title)
  const facts: [string, string][] = [
    ['Site', `${inLine(site.name)} (${site.url})`],
    ['Where', inLine(threat.subject)],
    ['Severity', threat.severity],
    ['Rule', threat.rule],
    ['First seen', threat.firstSeenAt],
    ...(over && threat.resolvedAt ? [['Resolved', threat.resolvedAt] satisfies [string, string]] : []),
    ...(threat.note ? [['Note', inLine(threat.note)] satisfies [string, string]] : []),
    ['Threat', threat.id],
  ]
  const told = [threat.description, ...(over ? [] : [threat.impact, threat.action])].map(inLine)
  return {
    template: 'event',
    subject: oneLine(`${over ? 'Resolved' : threat.severity.toUpperCase()}: ${threat.title} (${site.name})`),
    title: `${happened[message.type] ?? message.type}: ${title}`,
    intro: '',
    body: {
      text: [...told, facts.map(([name, value]) => `${name}: ${value}`).join('\n')].join('\n\n'),
      markup: html`${told.map((line) => html`<p>${line}</p>`)}
<table style="border-collapse:collapse">${facts.map(([name, value]) => html`<tr><th style="text-align:left;padding:2px 16px 2px 0;font-weight:600">${name}</th><td style="padding:2px 0">${value}</td></tr>`)}</table>`,
    },
    path: `/sites/${threat.siteId}/threats/${threat.id}`,
    variables: { title: threat.title, severity: threat.severity, site: site.name },
  }
}
