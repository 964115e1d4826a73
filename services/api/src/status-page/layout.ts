import { createHash } from 'node:crypto'
import { html, type Markup } from '@tocsin/templates/markup'
import type { Response } from 'express'

/** Few rules, no file beside the page: it has to come up when everything else is down. Contrast is 4.5 : 1 or better in both schemes. */
const style = `:root{color-scheme:light dark;--back:#fff;--card:#f7f7fa;--ink:#1b1b1f;--quiet:#5b5b68;--line:#d9d9e3;--link:#1d4ed8;--ok:#15703c;--care:#8a5a00;--bad:#b42318;--work:#1d4ed8}
@media (prefers-color-scheme:dark){:root{--back:#131318;--card:#1d1d24;--ink:#ececf1;--quiet:#a9a9b8;--line:#34343f;--link:#9db8ff;--ok:#5fd38d;--care:#f0b94d;--bad:#ff8a7a;--work:#9db8ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}
.wide{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 3rem}
a{color:var(--link)}
h1{font-size:1.5rem;line-height:1.25;margin:0}
h2{font-size:1.1rem;margin:2.25rem 0 .75rem}
h3{font-size:1rem;margin:0 0 .25rem}
.quiet{color:var(--quiet);font-size:.9rem;margin:.25rem 0}
.top{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:baseline;justify-content:space-between}
.banner{margin:1.25rem 0 0;padding:1rem 1.25rem;border-radius:.6rem;border:2px solid currentColor;font-weight:650;font-size:1.1rem;background:var(--card)}
.ok{color:var(--ok)}.care{color:var(--care)}.bad{color:var(--bad)}.work{color:var(--work)}
ul.rows{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:.6rem;background:var(--card)}
ul.rows li{display:flex;flex-wrap:wrap;gap:.25rem 1rem;justify-content:space-between;padding:.7rem 1rem;border-top:1px solid var(--line)}
ul.rows li:first-child{border-top:0}
.state{font-weight:600;white-space:nowrap}
article{border:1px solid var(--line);border-radius:.6rem;padding:1rem;margin:0 0 1rem;background:var(--card)}
article .update{border-left:3px solid var(--line);padding-left:.8rem;margin-top:.8rem}
article .update p{margin:.25rem 0}
form{margin:0}
label{display:block;margin:.6rem 0 .2rem;font-weight:600}
label.tick{font-weight:400;margin:.2rem 0}
input[type=email],input[type=url],select{width:100%;max-width:28rem;padding:.55rem .7rem;font:inherit;color:inherit;background:var(--back);border:1px solid var(--quiet);border-radius:.4rem}
button{margin:.9rem 0 0;padding:.6rem 1.1rem;font:inherit;font-weight:600;color:#fff;background:#1d4ed8;border:0;border-radius:.4rem;cursor:pointer}
button.plain{color:var(--ink);background:transparent;border:1px solid var(--quiet)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
details{margin:.6rem 0}summary{cursor:pointer}
pre{white-space:pre-wrap;background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.7rem}
footer.quiet{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:.75rem}`

const styleHash = createHash('sha256').update(style).digest('base64')

/** No script, nothing from elsewhere, nobody's frame; and the address of a page, which may be a key, is told to nobody. */
export function setHeaders(response: Response): void {
  response.set({
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  })
}

export interface Frame {
  readonly title: string
  /** Feeds of this page, where it has some. */
  readonly feeds?: { readonly rss: string; readonly atom: string }
  readonly body: Markup
}

export function frame({ title, feeds, body }: Frame): string {
  const links = feeds
    ? html`<link rel="alternate" type="application/atom+xml" title="Atom" href="${feeds.atom}"><link rel="alternate" type="application/rss+xml" title="RSS" href="${feeds.rss}">`
    : html`<meta name="robots" content="noindex">`
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>${links}<style>${{ html: style }}</style></head>
<body><div class="wide">${body}<footer class="quiet">Powered by Tocsin. Times are UTC.</footer></div></body>
</html>
`.html
}
