import type { Message } from '@tocsin/domain/deliveries/message'
import {
  type BroadcastData,
  type ConfirmData,
  confirmMessageType,
  type ManageData,
  manageMessageType,
  type PageName,
} from '@tocsin/domain/subscribers/messages'
import { markdown } from './markdown.ts'
import { html, inLine, type Markup, oneLine } from './markup.ts'
import type { Mail } from './page.ts'
import { componentWords, impactWords, incidentWords, maintenanceWords, utcTime } from './status-words.ts'

/** Where the links of one subscriber lead. */
export interface SubscriberUrls {
  page(slug: string): string
  confirm(nonce: string): string
  readonly manage: string
  readonly unsubscribe: string
}

/** What a mail says before its frame. */
interface Said {
  subject: string
  title: string
  text: string
  body: Markup
}

/** Mails to the subscribers of a status page. They speak for the page, not for us. */
export function subscriberMail(message: Message, urls: SubscriberUrls): Mail {
  // Only our own passes write messages for subscribers, and each type has its shape.
  if (message.type === confirmMessageType) return confirmMail(message.data as ConfirmData, urls)
  if (message.type === manageMessageType) return manageMail(message.data as ManageData, urls)
  const data = message.data as BroadcastData
  const said = 'incident' in data ? incidentSaid(data) : maintenanceSaid(message.type, data)
  return framed(data.page, said, urls, [
    `You get this because you subscribed to ${inLine(data.page.name)}.`,
    { word: 'Change what you get', url: urls.manage },
    { word: 'Unsubscribe', url: urls.unsubscribe },
  ])
}

function confirmMail({ page, nonce }: ConfirmData, urls: SubscriberUrls): Mail {
  const name = inLine(page.name)
  const url = urls.confirm(nonce)
  const ask = `Somebody, most likely you, asked for messages about ${name} to be sent to this address.`
  const how = 'To agree, open the link and press the button. It is good for three days.'
  const said = {
    subject: `Confirm your subscription to ${name}`,
    title: `Do you want to hear from ${name}?`,
    text: `${ask}\n\n${how}\n\n${url}`,
    body: html`<p>${ask}</p><p>${how}</p>${button('Confirm subscription', url)}`,
  }
  return framed(page, said, urls, ['If it was not you, do nothing: you will get no other mail.'])
}

function manageMail({ page }: ManageData, urls: SubscriberUrls): Mail {
  const name = inLine(page.name)
  const tell = `This address is subscribed to ${name} already. What you get can be changed, paused and ended under this link, which is yours alone:`
  const said = {
    subject: `Your subscription to ${name}`,
    title: 'You are subscribed already',
    text: `${tell}\n\n${urls.manage}`,
    body: html`<p>${tell}</p>${button('Change what you get', urls.manage)}`,
  }
  return framed(page, said, urls, ['You get this because somebody, most likely you, asked to subscribe again.'])
}

function incidentSaid({ page, incident, update }: Extract<BroadcastData, { incident: unknown }>): Said {
  const title = inLine(incident.title)
  const word = incidentWords[update.status]
  const affected = incident.components.map(({ name, status }) => `${inLine(name)}: ${componentWords[status]}`)
  const at = `${impactWords[incident.impact]} · ${utcTime(update.at)}`
  const lines = incident.status === 'resolved' ? [] : affected
  return {
    subject: `[${page.name}] ${word}: ${incident.title}`,
    title: `${word}: ${title}`,
    text: [at, update.body, lines.map((line) => `- ${line}`).join('\n')].filter((part) => part !== '').join('\n\n'),
    body: html`<p class="quiet" style="margin:0 0 16px;color:#5f5f6b">${at}</p>${markdown(update.body)}${list(lines)}`,
  }
}

const maintenanceTitles: Record<string, string> = {
  'maintenance.scheduled': 'Planned maintenance',
  'maintenance.updated': 'Planned maintenance has changed',
  'maintenance.reminded': 'Maintenance begins soon',
  'maintenance.started': 'Maintenance has begun',
  'maintenance.completed': 'Maintenance is over',
  'maintenance.cancelled': 'Maintenance was called off',
}

function maintenanceSaid(type: string, { page, maintenance }: Extract<BroadcastData, { maintenance: unknown }>): Said {
  const word = maintenanceTitles[type] ?? maintenanceWords[maintenance.status]
  const window = `${utcTime(maintenance.startsAt)} – ${utcTime(maintenance.endsAt)}`
  const affected = maintenance.components.map(({ name }) => inLine(name))
  return {
    subject: `[${page.name}] ${word}: ${maintenance.title}`,
    title: `${word}: ${inLine(maintenance.title)}`,
    text: [window, maintenance.description, affected.map((line) => `- ${line}`).join('\n')]
      .filter((part) => part !== '')
      .join('\n\n'),
    body: html`<p class="quiet" style="margin:0 0 16px;color:#5f5f6b">${window}</p>${markdown(maintenance.description)}${list(affected)}`,
  }
}

const list = (lines: readonly string[]): Markup =>
  lines.length === 0 ? html`` : html`<ul style="padding-left:20px">${lines.map((line) => html`<li>${line}</li>`)}</ul>`

const button = (word: string, url: string): Markup =>
  html`<p style="margin:24px 0"><a href="${url}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1d4ed8;color:#ffffff;font-weight:600;text-decoration:none">${word}</a></p><p class="quiet" style="font-size:13px;color:#5f5f6b">${url}</p>`

type Foot = readonly (string | { word: string; url: string })[]

/** Nothing is loaded from anywhere, and it can be read in the dark. */
function framed(page: PageName, { subject, title, text, body }: Said, urls: SubscriberUrls, foot: Foot): Mail {
  const pageUrl = urls.page(page.slug)
  const feet = [...foot, { word: `Status page of ${inLine(page.name)}`, url: pageUrl }]
  const footText = feet.map((part) => (typeof part === 'string' ? part : `${part.word}: ${part.url}`)).join('\n')
  return {
    subject: oneLine(subject),
    text: [title, text, `-- \n${footText}`].join('\n\n'),
    html: html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${title}</title>
<style>@media (prefers-color-scheme: dark) { .page { background: #17171c !important; color: #ececf1 !important } .quiet { color: #a5a5b3 !important } .link { color: #9db8ff !important } }</style></head>
<body class="page" style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1b1b1f;background:#ffffff">
<div style="max-width:640px;margin:0 auto">
<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">${title}</h1>
${body}
<p class="quiet" style="margin:32px 0 0;font-size:13px;color:#5f5f6b">${feet.map((part) => (typeof part === 'string' ? html`${part}<br>` : html`<a class="link" href="${part.url}" style="color:#1d4ed8">${part.word}</a><br>`))}</p>
</div>
</body>
</html>`.html,
  }
}
