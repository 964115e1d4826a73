import { registrableDomain } from '@tocsin/domain/registrable-domain'

export interface CookieFinding {
  readonly modifier: number
  readonly result: string
}

/**
 * The worst of the cookies that a browser would keep. Names with `sess` or `login` carry a session: losing one is losing the account. Those
 * with `csrf` protect forms, and do so only if other sites cannot have them sent.
 */
export function cookieFinding(lines: readonly string[], url: URL | null, isProtected: boolean): CookieFinding {
  const cookies = keptCookies(lines, url)
  if (cookies.length === 0) return { modifier: 0, result: 'none' }
  const faults = cookies.flatMap((cookie) => cookieFaults(cookie, isProtected))
  if (lines.some((line) => hasOddSameSite(line))) faults.push({ modifier: -20, result: 'samesite_invalid' })
  const worst = faults.reduce<CookieFinding | null>(
    (found, each) => (found && found.modifier <= each.modifier ? found : each),
    null,
  )
  if (worst) return worst
  return cookies.every((cookie) => sameSiteOf(cookie) !== null)
    ? { modifier: 5, result: 'samesite' }
    : { modifier: 0, result: 'ok' }
}

interface Cookie {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

/** A load balancer's own, which nobody can configure. */
const ignored: ReadonlySet<string> = new Set(['heroku-session-affinity'])

function keptCookies(lines: readonly string[], url: URL | null): Cookie[] {
  const host = url?.hostname ?? ''
  const directory = url?.pathname.replace(/(?<=.)\/[^/]*$/, '') ?? '/'
  const kept = new Map<string, Cookie>()
  for (const line of lines) {
    const cookie = readCookie(line)
    if (!cookie || ignored.has(cookie.name)) continue
    const domain = domainOf(cookie) || host
    const written = cookie.attributes.get('path') ?? ''
    const path = written.startsWith('/') ? written : directory
    if (!mayBeSetBy(host, domain) || !keepsPrefix(cookie, path)) continue
    // The same cookie set twice is the later one.
    kept.set(`${domain} ${path} ${cookie.name}`, cookie)
  }
  return [...kept.values()]
}

const domainOf = ({ attributes }: Cookie): string => (attributes.get('domain') ?? '').replace(/^\./, '')

/** For itself, or for a domain above it that somebody owns: nobody sets a cookie for all of .uk (RFC 6265 §5.3). */
const mayBeSetBy = (host: string, domain: string): boolean =>
  domain === host || (host.endsWith(`.${domain}`) && registrableDomain(domain) !== null)

/** A name with one of these prefixes is a promise; browsers drop a cookie that breaks it. */
function keepsPrefix(cookie: Cookie, path: string): boolean {
  const isSecure = cookie.attributes.has('secure')
  if (cookie.name.startsWith('__Secure-')) return isSecure
  if (!cookie.name.startsWith('__Host-')) return true
  // An empty domain says nothing.
  return isSecure && domainOf(cookie) === '' && path === '/'
}

function readCookie(line: string): Cookie | null {
  const [pair = '', ...rest] = line.split(';')
  const equals = pair.indexOf('=')
  const name = pair.slice(0, Math.max(0, equals)).trim()
  return name === '' ? null : { name, attributes: new Map(rest.map(readAttribute)) }
}

function readAttribute(text: string): [string, string] {
  const equals = text.indexOf('=')
  const name = equals < 0 ? text : text.slice(0, equals)
  return [
    name.trim().toLowerCase(),
    equals < 0
      ? ''
      : text
          .slice(equals + 1)
          .trim()
          .toLowerCase(),
  ]
}

function cookieFaults(cookie: Cookie, isProtected: boolean): CookieFinding[] {
  const { name, attributes } = cookie
  const isSession = /login|sess/i.test(name)
  const sameSite = sameSiteOf(cookie)
  const faults: CookieFinding[] = []
  if (!attributes.has('secure')) {
    const result = isSession ? 'session_not_secure' : 'not_secure'
    // Over https only, it cannot be read on the way either.
    if (isProtected) faults.push({ modifier: isSession ? -10 : -5, result })
    else faults.push({ modifier: isSession ? -40 : -20, result })
    // Browsers refuse such a cookie.
    if (sameSite === 'none') faults.push({ modifier: -20, result: 'samesite_invalid' })
  }
  if (/csrf/i.test(name) && sameSite === null) faults.push({ modifier: -20, result: 'csrf_without_samesite' })
  if (isSession && !attributes.has('httponly')) faults.push({ modifier: -30, result: 'session_readable_by_scripts' })
  return faults
}

const known: ReadonlySet<string> = new Set(['lax', 'strict', 'none'])

function sameSiteOf({ attributes }: Cookie): string | null {
  const value = attributes.get('samesite') ?? ''
  return known.has(value) ? value : null
}

const hasOddSameSite = (line: string): boolean =>
  line
    .split(';')
    .map(readAttribute)
    .some(([name, value]) => name === 'samesite' && !known.has(value))
