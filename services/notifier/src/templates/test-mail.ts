import { html } from './markup.ts'
import { footerText, linkTo, type Mail, type MailContext, page } from './page.ts'

export function testMail({ publicUrl }: MailContext): Mail {
  const title = 'Tocsin can reach you'
  const body = 'This is a test that somebody of your organisation asked for. Nothing is wrong.'
  const link = linkTo(publicUrl, '/')
  return {
    subject: 'Test: Tocsin can reach you',
    text: [title, body + link.text, footerText].join('\n\n'),
    html: page(title, html`<p>${body}</p>${link.markup}`, footerText),
  }
}
