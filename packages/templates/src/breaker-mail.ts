import type { DataOf } from '@tocsin/contract/event'
import type { circuitBreakerTripped } from '@tocsin/contract/events/deliveries'
import { html } from './markup.ts'
import type { Draft } from './page.ts'

export function breakerDraft({ day, limit }: DataOf<typeof circuitBreakerTripped>): Draft {
  const title = 'The rest of today comes in digests'
  const how =
    'Whatever is found until midnight UTC is collected and sent once an hour, with every alert named. Critical ones have a small reserve of their own and may still come one by one.'
  return {
    template: 'breaker',
    subject: `Alert limit reached: ${title.toLowerCase()}`,
    title,
    intro: `Your organisation has had ${limit === 1 ? 'its one alert message' : `its ${limit} alert messages`} for ${day} (UTC).`,
    body: { text: how, markup: html`<p>${how}</p>` },
    path: '/alerts',
    variables: { day, limit },
  }
}
