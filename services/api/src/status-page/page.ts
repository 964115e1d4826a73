import type { Component, ComponentStatus } from '@tocsin/contract/api/components'
import type { Incident } from '@tocsin/contract/api/incidents'
import type { Maintenance } from '@tocsin/contract/api/maintenances'
import { worstStatus } from '@tocsin/domain/components/status'
import { markdown } from '@tocsin/templates/markdown'
import { html, type Markup } from '@tocsin/templates/markup'
import { componentWords, impactWords, incidentWords, maintenanceWords, utcTime } from '@tocsin/templates/status-words'
import { subscribeForm } from './forms.ts'
import { frame } from './layout.ts'
import type { PageView } from './view.ts'

/** Never colour alone: a sign and a word stand beside it. */
const signs = {
  operational: { sign: '✓', look: 'ok' },
  under_maintenance: { sign: '⚒', look: 'work' },
  degraded_performance: { sign: '▲', look: 'care' },
  partial_outage: { sign: '◐', look: 'bad' },
  major_outage: { sign: '✕', look: 'bad' },
} as const satisfies Record<ComponentStatus, { sign: string; look: string }>

export function statusPage(view: PageView): string {
  const { page, components, incidents, maintenances } = view
  const base = `/s/${page.slug}`
  const open = incidents.filter(({ status }) => status !== 'resolved')
  const past = incidents.filter(({ status }) => status === 'resolved')
  return frame({
    title: `${page.name}: status`,
    feeds: { rss: `${base}/feed.rss`, atom: `${base}/feed.atom` },
    body: html`<header><div class="top"><h1>${page.name}</h1><a href="#subscribe">Subscribe</a></div>${page.description === '' ? html`` : html`<p class="quiet">${page.description}</p>`}${banner(view)}</header>
<main>${section('What is going on', open.map(incidentArticle))}
${components.length === 0 ? html`` : html`<section aria-label="Components">${groupsOf(components)}</section>`}
${section('Maintenance', maintenances.map(maintenanceArticle))}
${section('Past two weeks', past.map(incidentArticle))}
<section id="subscribe"><h2>Subscribe</h2>${subscribeForm(view)}<p class="quiet">Or follow the <a href="${base}/feed.atom">Atom</a> or <a href="${base}/feed.rss">RSS</a> feed.</p></section></main>`,
  })
}

const section = (title: string, articles: readonly Markup[]): Markup =>
  articles.length === 0 ? html`` : html`<section><h2>${title}</h2>${articles}</section>`

const sentences = {
  operational: 'All systems are operational',
  under_maintenance: 'Maintenance is under way',
  degraded_performance: 'Some systems are slower than usual',
  partial_outage: 'Some systems are partly down',
  major_outage: 'Some systems are down',
} as const satisfies Record<ComponentStatus, string>

/** One sentence; the worst of all decides. An incident that names no component is still one. */
function banner({ components, incidents }: PageView): Markup {
  const worst = worstStatus(components.map(({ status }) => status))
  const isTold = incidents.some(({ status, impact }) => status !== 'resolved' && impact !== 'none')
  const status = worst === 'operational' && isTold ? 'degraded_performance' : worst
  const { sign, look } = signs[status]
  const sentence = worst === 'operational' && isTold ? 'We are looking into an incident' : sentences[status]
  return html`<p class="banner ${look}" role="status"><span aria-hidden="true">${sign}</span> ${sentence}</p>`
}

type Listed = Component & { group: string | null }

function groupsOf(components: readonly Listed[]): Markup[] {
  const groups = [...Map.groupBy(components, ({ groupId }) => groupId).values()]
  return groups.map(
    (listed) =>
      html`<h2>${listed[0]?.group ?? (groups.length > 1 ? 'Other' : 'Components')}</h2><ul class="rows">${listed.map(componentRow)}</ul>`,
  )
}

function componentRow({ name, description, status }: Listed): Markup {
  const { sign, look } = signs[status]
  return html`<li><span>${name}${description === '' ? html`` : html`<br><span class="quiet">${description}</span>`}</span><span class="state ${look}"><span aria-hidden="true">${sign}</span> ${componentWords[status]}</span></li>`
}

function incidentArticle({ id, title, impact, status, components, updates, startedAt }: Incident): Markup {
  const affected = components.map(({ name }) => name).join(', ')
  return html`<article id="${id}"><h3>${title}</h3><p class="quiet"><strong>${incidentWords[status]}</strong> · ${impactWords[impact]} · since <time datetime="${startedAt}">${utcTime(startedAt)}</time>${affected === '' ? html`` : html` · ${affected}`}</p>${updates.map(
    (update) =>
      html`<div class="update"><p class="quiet"><strong>${incidentWords[update.status]}</strong> · <time datetime="${update.at}">${utcTime(update.at)}</time></p>${markdown(update.body)}</div>`,
  )}</article>`
}

function maintenanceArticle({ id, title, description, status, startsAt, endsAt, components }: Maintenance): Markup {
  const affected = components.map(({ name }) => name).join(', ')
  return html`<article id="${id}"><h3>${title}</h3><p class="quiet"><strong class="work"><span aria-hidden="true">⚒</span> ${maintenanceWords[status]}</strong> · <time datetime="${startsAt}">${utcTime(startsAt)}</time> – <time datetime="${endsAt}">${utcTime(endsAt)}</time>${affected === '' ? html`` : html` · ${affected}`}</p>${markdown(description)}</article>`
}
