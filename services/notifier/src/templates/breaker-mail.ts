import type { DataOf } from '@tocsin/contract/event'
import type { circuitBreakerTripped } from '@tocsin/contract/events/deliveries'
import { html } from './markup.ts'
import { footerText, linkTo, type Mail, type MailContext, page } from './page.ts'

export function breakerMail({ day, limit }: DataOf<typeof circuitBreakerTripped>, { publicUrl }: MailContext): Mail {
  const title = 'The rest of today comes in digests'
  const why = `Your organisation has had ${limit === 1 ? 'its one alert message' : `its ${limit} alert messages`} for ${day} (UTC).`
  const how =
    'Whatever is found until midnight UTC is collected and sent once an hour, with every threat named. Critical threats have a small reserve of their own and may still come one by one.'
  const link = linkTo(publicUrl, '/')
  return {
    subject: `Alert limit reached: ${title.toLowerCase()}`,
    text: [title, why, how + link.text, footerText].join('\n\n'),
    html: page(title, html`<p>${why}</p><p>${how}</p>${link.markup}`, footerText),
  }
}
