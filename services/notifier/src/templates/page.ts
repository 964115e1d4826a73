import { html, type Markup } from './markup.ts'

export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface MailContext {
  readonly publicUrl: string | null
}

/** Around every mail. Styles are inline and few: mail programs drop the rest. */
export function page(title: string, body: Markup, footer: string): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1b1b1f;background:#ffffff">
<div style="max-width:640px;margin:0 auto">
<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">${title}</h1>
${body}
<p style="margin:32px 0 0;font-size:13px;color:#5f5f6b">${footer}</p>
</div>
</body>
</html>`.html
}

export const footerText = 'Sent by Tocsin, which watches your sites. Who is told of what is set under Destinations.'

/** A link when the installation knows its own address, else nothing. */
export function linkTo(publicUrl: string | null, path: string): { text: string; markup: Markup } {
  if (publicUrl === null) return { text: '', markup: html`` }
  const url = new URL(path, publicUrl).href
  return { text: `\n${url}\n`, markup: html`<p><a href="${url}" style="color:#1d4ed8">Open in Tocsin</a></p>` }
}
