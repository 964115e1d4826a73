import {
  cloakedPage,
  germanPage,
  germanPath,
  notFoundPage,
  pages,
  renderPage,
  robotsTxt,
  sitemapXml,
  siteScript,
  stylesheet,
} from './demo-pages.ts'
import type { Broken } from './demo-switches.ts'

export type Answer = { status: number; headers: Record<string, string>; body: string }

export type Asked = {
  path: string
  /** As the visitor named us, so that links and canonical addresses are right under any name. */
  origin: string
  broken: Broken
  userAgent: string
}

/** What the site says, as a function of what is broken. */
export function answerTo(asked: Asked): Answer {
  const answer = withoutSecurityHeaders(asked)
  const headers = asked.broken.has('headers_dropped') ? {} : securityHeaders(asked.origin)
  return { ...answer, headers: { 'cache-control': 'no-cache', ...headers, ...answer.headers } }
}

function withoutSecurityHeaders({ path, origin, broken, userAgent }: Asked): Answer {
  if (path === '/robots.txt') return broken.has('robots_unreachable') ? failure(503) : plain(robotsTxt(origin, broken))
  if (broken.has('error_500_all') || broken.get('error_500_page') === path) return failure(500)
  if (path === '/sitemap.xml') return ok('application/xml', sitemapXml(origin, broken))
  if (path === '/site.css') return ok('text/css', stylesheet)
  if (path === '/site.js') return ok('text/javascript', siteScript(broken))
  const redirected = redirectOf(path, broken)
  if (redirected) return { status: 301, headers: { location: redirected }, body: '' }
  const chained = broken.get('redirect_chain')
  const shown = chained !== undefined && path === `${chained}${chainSteps.at(-1)}` ? chained : path
  const page = { ...pages, ...(broken.has('hreflang_no_return') ? { [germanPath]: germanPage } : {}) }[shown]
  if (!page || broken.get('not_found_page') === path) return html(404, notFoundPage)
  if (broken.get('soft_404') === path) return html(200, notFoundPage)
  if (broken.get('spam_cloaked') === path && /googlebot/i.test(userAgent)) return html(200, cloakedPage)
  return html(200, renderPage({ path: shown, page, url: `${origin}${path}`, origin, broken }))
}

const chainSteps = ['?from=old', '?from=older', '?from=oldest']

/** Loop: page → page?again → page. Chain: page → three steps, the last of which shows it. */
function redirectOf(path: string, broken: Broken): string | null {
  const loop = broken.get('redirect_loop')
  if (loop !== undefined && path === loop) return `${loop}?again`
  if (loop !== undefined && path === `${loop}?again`) return loop
  const chain = broken.get('redirect_chain')
  if (chain === undefined) return null
  const at = ['', ...chainSteps].findIndex((step) => path === `${chain}${step}`)
  const next = at === -1 ? undefined : chainSteps[at]
  return next === undefined ? null : `${chain}${next}`
}

function securityHeaders(origin: string): Record<string, string> {
  return {
    'content-security-policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    ...(origin.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  }
}

const ok = (type: string, body: string): Answer => ({ status: 200, headers: { 'content-type': `${type}; charset=utf-8` }, body })
const plain = (body: string) => ok('text/plain', body)
const html = (status: number, body: string): Answer => ({ ...ok('text/html', body), status })
const failure = (status: number): Answer => ({ ...plain('The site is not well.\n'), status })
