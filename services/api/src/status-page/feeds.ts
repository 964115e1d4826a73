import type { Incident } from '@tocsin/contract/api/incidents'
import type { Maintenance } from '@tocsin/contract/api/maintenances'
import { markdown } from '@tocsin/templates/markdown'
import { html, type Markup } from '@tocsin/templates/markup'
import { incidentWords, maintenanceWords, utcTime } from '@tocsin/templates/status-words'
import type { PageView } from './view.ts'

interface Entry {
  /** The same for ever, wherever the page moves to: readers recognise an entry by it. */
  id: string
  title: string
  url: string
  publishedAt: string
  updatedAt: string
  content: Markup
}

const entriesMax = 50

function entriesOf({ page, incidents, maintenances }: PageView, origin: string): Entry[] {
  const { hostname } = new URL(origin)
  const url = (id: string) => `${origin}/s/${page.slug}#${id}`
  const ofIncident = (incident: Incident): Entry => ({
    id: `tag:${hostname},2005:Incident/${incident.id}`,
    title: incident.title,
    url: url(incident.id),
    publishedAt: incident.startedAt,
    updatedAt: incident.updatedAt,
    content: { html: incident.updates.map(({ status, at, body }) => said(incidentWords[status], at, body)).join('') },
  })
  const ofMaintenance = (maintenance: Maintenance): Entry => ({
    id: `tag:${hostname},2005:Incident/${maintenance.id}`,
    title: `Maintenance: ${maintenance.title}`,
    url: url(maintenance.id),
    publishedAt: maintenance.createdAt,
    updatedAt: maintenance.updatedAt,
    content: {
      html: said(
        `${maintenanceWords[maintenance.status]}, until ${utcTime(maintenance.endsAt)}`,
        maintenance.startsAt,
        maintenance.description,
      ),
    },
  })
  return [...incidents.map(ofIncident), ...maintenances.map(ofMaintenance)]
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
    .slice(0, entriesMax)
}

const said = (word: string, at: string, body: string): string =>
  html`<p><strong>${word}</strong>, ${utcTime(at)}</p>${markdown(body)}`.html

/** What XML cannot hold, escaped or not. */
const unfit = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu
const xml = (document: Markup): string => `<?xml version="1.0" encoding="UTF-8"?>\n${document.html.replaceAll(unfit, '')}\n`

export function atomFeed(view: PageView, origin: string): string {
  const { page } = view
  const entries = entriesOf(view, origin)
  const updatedAt = entries[0]?.updatedAt ?? page.updatedAt
  return xml(
    html`<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:${new URL(origin).hostname},2005:StatusPage/${page.id}</id><title>${page.name}: status</title><updated>${updatedAt}</updated><author><name>${page.name}</name></author><link rel="self" type="application/atom+xml" href="${origin}/s/${page.slug}/feed.atom"/><link rel="alternate" type="text/html" href="${origin}/s/${page.slug}"/>${entries.map(
      (entry) =>
        html`<entry><id>${entry.id}</id><title>${entry.title}</title><published>${entry.publishedAt}</published><updated>${entry.updatedAt}</updated><link rel="alternate" type="text/html" href="${entry.url}"/><content type="html">${entry.content.html}</content></entry>`,
    )}</feed>`,
  )
}

export function rssFeed(view: PageView, origin: string): string {
  const { page } = view
  return xml(
    html`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>${page.name}: status</title><link>${origin}/s/${page.slug}</link><description>Incidents and maintenance of ${page.name}</description><atom:link rel="self" type="application/rss+xml" href="${origin}/s/${page.slug}/feed.rss"/>${entriesOf(
      view,
      origin,
    ).map(
      (entry) =>
        html`<item><guid isPermaLink="false">${entry.id}</guid><title>${entry.title}</title><link>${entry.url}</link><pubDate>${new Date(entry.updatedAt).toUTCString()}</pubDate><description>${entry.content.html}</description></item>`,
    )}</channel></rss>`,
  )
}
