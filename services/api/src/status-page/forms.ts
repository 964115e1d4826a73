import type { IncidentImpact } from '@tocsin/contract/api/incidents'
import type { Subscriber } from '@tocsin/contract/api/subscribers'
import { html, type Markup } from '@tocsin/templates/markup'
import { utcTime } from '@tocsin/templates/status-words'
import { frame } from './layout.ts'
import type { PageView } from './view.ts'

type Choices = Pick<PageView, 'components'>

/** More of them than this are no choice any more: everything is told. */
const choicesMax = 200

function componentChoices({ components }: Choices, chosen: readonly string[] | null): Markup {
  if (components.length < 2 || components.length > choicesMax) return html``
  const ticks = components.map(
    ({ id, name }) =>
      html`<label class="tick"><input type="checkbox" name="component" value="${id}"${chosen?.includes(id) ? html` checked` : html``}> ${name}</label>`,
  )
  return html`<details${chosen ? html` open` : html``}><summary>Only some components</summary><p class="quiet">Tick none to hear of all of them.</p>${ticks}</details>`
}

export function subscribeForm(view: Choices & Pick<PageView, 'page'>): Markup {
  return html`<form method="post" action="/s/${view.page.slug}/subscribe"><label for="address">E-mail</label><input id="address" type="email" name="address" maxlength="254" required autocomplete="email">${componentChoices(view, null)}<button>Subscribe by e-mail</button></form>
<details><summary>By webhook or Slack</summary><form method="post" action="/s/${view.page.slug}/subscribe"><label for="kind">Kind</label><select id="kind" name="kind"><option value="webhook">Webhook</option><option value="slack">Slack incoming webhook</option></select><label for="url">URL</label><input id="url" type="url" name="url" maxlength="2048" required>${componentChoices(view, null)}<button>Subscribe</button></form></details>`
}

/** A word and a way back. */
export function notice(title: string, words: readonly string[], more: Markup = html``): string {
  return frame({ title, body: html`<main><h1>${title}</h1>${words.map((word) => html`<p>${word}</p>`)}${more}</main>` })
}

/** A button that has to be pressed: programs that look at every link of a mail press none. */
export function buttonPage(title: string, words: readonly string[], button: string): string {
  return notice(title, words, html`<form method="post"><button>${button}</button></form>`)
}

const impactChoices = {
  none: 'Everything, maintenance as well',
  minor: 'Minor incidents and worse, and maintenance',
  major: 'Major incidents and worse',
  critical: 'Critical incidents only',
} as const satisfies Record<IncidentImpact, string>

export const pauseDays = [1, 7, 30] as const

export function managePage(input: {
  view: Choices & Pick<PageView, 'page'>
  subscriber: Subscriber
  token: string
  now: Date
  saved: boolean
}): string {
  const { view, subscriber, token, now, saved } = input
  const isPaused = subscriber.pausedUntil !== null && new Date(subscriber.pausedUntil) > now
  const impacts = Object.entries(impactChoices).map(
    ([value, word]) =>
      html`<option value="${value}"${value === subscriber.minimumImpact ? html` selected` : html``}>${word}</option>`,
  )
  const pauses = [
    ...(isPaused && subscriber.pausedUntil
      ? [html`<option value="keep" selected>Paused until ${utcTime(subscriber.pausedUntil)}</option>`]
      : []),
    html`<option value="0">Not paused</option>`,
    ...pauseDays.map((days) => html`<option value="${days}">${days === 1 ? 'For a day' : `For ${days} days`}</option>`),
  ]
  return frame({
    title: `Your subscription to ${view.page.name}`,
    body: html`<main><h1>Your subscription to ${view.page.name}</h1><p class="quiet">${subscriber.address}${subscriber.state === 'confirmed' ? html`` : html` · nothing is sent to it at the moment`}</p>${saved ? html`<p class="ok" role="status"><span aria-hidden="true">✓</span> Saved.</p>` : html``}
<form method="post" action="/s/-/manage/${token}"><label for="impact">What you hear of</label><select id="impact" name="impact">${impacts}</select><label for="pause">Pause</label><select id="pause" name="pause">${pauses}</select>${componentChoices(view, subscriber.componentIds)}<button>Save</button></form>
<h2>Leave</h2><form method="post" action="/s/-/unsubscribe/${token}"><button class="plain">Unsubscribe</button></form><p class="quiet"><a href="/s/${view.page.slug}">Back to the page</a></p></main>`,
  })
}
