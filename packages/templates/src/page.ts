import type { TemplateId } from '@tocsin/contract/api/templates'
import { html, inLine, type Markup, oneLine } from './markup.ts'
import { applyOverride, type TemplateOverride, type Variables } from './override.ts'

/** Text is written, not stripped from the HTML: whoever reads it so reads whole sentences. */
export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface MailContext {
  readonly publicUrl: string | null
  /** What the org has put in the place of a template's subject and intro. */
  readonly override?: (template: TemplateId) => TemplateOverride | null
}

/** A mail before the org's own words and the frame around it. */
export interface Draft {
  /** Null: not for an org to put its own words into. */
  readonly template: TemplateId | null
  readonly subject: string
  readonly title: string
  /** One paragraph, which an org may replace. */
  readonly intro: string
  readonly body: { readonly text: string; readonly markup: Markup }
  /** Within the dashboard; null: nowhere. */
  readonly path: string | null
  /** What an org's own subject and intro may speak of. */
  readonly variables: Variables
  readonly footer?: string
}

export function finish(draft: Draft, { publicUrl, override }: MailContext): Mail {
  const own = draft.template === null ? null : (override?.(draft.template) ?? null)
  const { subject, intro } = own ? applyOverride(own, draft) : draft
  const footer = draft.footer ?? footerText
  const url = draft.path === null || publicUrl === null ? null : new URL(draft.path, publicUrl).href
  const paragraphs = [draft.title, intro, draft.body.text, ...(url === null ? [] : [url]), footer]
  return {
    subject: oneLine(subject),
    text: paragraphs.filter((part) => part !== '').join('\n\n'),
    html: frame(
      draft.title,
      html`${intro === '' ? html`` : html`<p style="margin:0 0 16px">${inLine(intro)}</p>`}${draft.body.markup}${url === null ? html`` : button(url)}`,
      footer,
    ),
  }
}

/**
 * Styles are inline, as many programs drop the rest; those that turn dark by themselves are told how. Nothing is loaded from anywhere: a
 * picture would tell us, and others, who reads when.
 */
function frame(title: string, body: Markup, footer: string): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${title}</title>
<style>@media (prefers-color-scheme: dark) { .page { background: #17171c !important; color: #ececf1 !important } .quiet { color: #a5a5b3 !important } .link { color: #9db8ff !important } .card { border-color: #3a3a46 !important } }</style></head>
<body class="page" style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1b1b1f;background:#ffffff">
<div style="max-width:640px;margin:0 auto">
<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">${title}</h1>
${body}
<p class="quiet" style="margin:32px 0 0;font-size:13px;color:#5f5f6b">${footer}</p>
</div>
</body>
</html>`.html
}

const button = (url: string): Markup =>
  html`<p style="margin:24px 0 0"><a class="link" href="${url}" style="color:#1d4ed8;font-weight:600">Open in Tocsin</a></p>`

export const footerText =
  'Sent by Tocsin, which watches your sites. What you are told of is set under Alerts, Notify and What you hear.'
