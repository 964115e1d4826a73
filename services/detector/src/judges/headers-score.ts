import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'
import { type PolicyStrength, policyStrength, readPolicies } from './content-security-policy.ts'

export const scoredHeaders = [
  'content-security-policy',
  'strict-transport-security',
  'x-frame-options',
  'x-content-type-options',
  'referrer-policy',
  'set-cookie',
  'access-control-allow-origin',
] as const
export type ScoredHeader = (typeof scoredHeaders)[number]

export interface HeaderFinding {
  /** Added to 100; negative is a fault. */
  readonly modifier: number
  /** A short word for what was seen. */
  readonly result: string
}

export interface HeaderScore {
  /** 0 and more; 100 is a site without faults. */
  readonly score: number
  readonly findings: Readonly<Record<ScoredHeader, HeaderFinding>>
}

/** Security headers of one answer, scored as Mozilla's HTTP Observatory does: each finding has its modifier, and praise counts only near the top. */
export function headersScore(headers: ResponseHeaders, url: string): HeaderScore {
  const read = (name: string): string[] => {
    const key = Object.keys(headers).find((each) => each.toLowerCase() === name)
    const value = key === undefined ? undefined : headers[key]
    return value === undefined ? [] : typeof value === 'string' ? [value] : value
  }
  const isSecure = url.startsWith('https:')
  const policies = readPolicies(read('content-security-policy'))
  const transport = transportFinding(read('strict-transport-security'), isSecure)
  const ancestors = policies.flatMap((policy) => policy.get('frame-ancestors') ?? [])
  const findings = {
    'content-security-policy': policyFinding(read('content-security-policy'), () => policyStrength(policies)),
    'strict-transport-security': transport,
    'x-frame-options': frameFinding(
      read('x-frame-options'),
      ancestors,
      policies.some((policy) => policy.has('frame-ancestors')),
    ),
    'x-content-type-options': contentTypeFinding(read('x-content-type-options')),
    'referrer-policy': referrerFinding(read('referrer-policy')),
    'set-cookie': cookieFinding(read('set-cookie'), isSecure && transport.modifier >= 0),
    'access-control-allow-origin': sharingFinding(read('access-control-allow-origin'), read('access-control-allow-credentials')),
  } satisfies Record<ScoredHeader, HeaderFinding>
  const modifiers = Object.values(findings).map((finding) => finding.modifier)
  const faults = modifiers.filter((modifier) => modifier < 0).reduce((sum, each) => sum + each, 0)
  const praise = modifiers.filter((modifier) => modifier > 0).reduce((sum, each) => sum + each, 0)
  return { score: Math.max(0, 100 + faults + (faults >= -10 ? praise : 0)), findings }
}

const policyModifiers: Record<PolicyStrength, number> = {
  default_none: 10,
  no_unsafe: 5,
  unsafe_inline_style: 0,
  insecure_passive: -10,
  unsafe_eval: -10,
  insecure_scheme: -20,
  unsafe_inline: -20,
  invalid: -25,
}

function policyFinding(headers: readonly string[], strength: () => PolicyStrength): HeaderFinding {
  if (headers.every((header) => header.trim() === '')) return { modifier: -25, result: 'missing' }
  const result = strength()
  return { modifier: policyModifiers[result], result }
}

const sixMonthsSeconds = 15_768_000

function transportFinding([header]: readonly string[], isSecure: boolean): HeaderFinding {
  if (!isSecure) return { modifier: -20, result: 'no_https' }
  if (header === undefined) return { modifier: -20, result: 'missing' }
  const seconds = Number(/(?:^|;)\s*max-age\s*=\s*"?(\d+)/i.exec(header)?.[1] ?? Number.NaN)
  if (Number.isNaN(seconds)) return { modifier: -20, result: 'invalid' }
  if (seconds < sixMonthsSeconds)
    return seconds === 0 ? { modifier: -20, result: 'switched_off' } : { modifier: -10, result: 'too_short' }
  return /\bpreload\b/i.test(header) && /\bincludesubdomains\b/i.test(header)
    ? { modifier: 5, result: 'preload' }
    : { modifier: 0, result: 'ok' }
}

function frameFinding([header]: readonly string[], ancestors: readonly string[], hasAncestors: boolean): HeaderFinding {
  if (hasAncestors && !ancestors.some((source) => source === '*' || source === 'http:' || source === 'https:'))
    return { modifier: 5, result: 'by_policy' }
  if (header === undefined) return { modifier: -20, result: 'missing' }
  const value = header.trim().toLowerCase()
  if (value === 'deny' || value === 'sameorigin') return { modifier: 5, result: value }
  return value.startsWith('allow-from ') ? { modifier: 0, result: 'allow_from' } : { modifier: -20, result: 'invalid' }
}

function contentTypeFinding([header]: readonly string[]): HeaderFinding {
  if (header === undefined) return { modifier: -5, result: 'missing' }
  return /^\s*nosniff\s*(,\s*nosniff\s*)*$/i.test(header) ? { modifier: 0, result: 'ok' } : { modifier: -5, result: 'invalid' }
}

const privateReferrers = new Set(['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'])
const unsafeReferrers = new Set(['origin', 'origin-when-cross-origin', 'unsafe-url', 'no-referrer-when-downgrade'])

function referrerFinding(headers: readonly string[]): HeaderFinding {
  if (headers.length === 0) return { modifier: 0, result: 'missing' }
  const policies = headers
    .join(',')
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
  // Browsers take the last policy that they know.
  const last = policies.findLast((each) => privateReferrers.has(each) || unsafeReferrers.has(each))
  if (last === undefined) return { modifier: -5, result: 'invalid' }
  return privateReferrers.has(last) ? { modifier: 5, result: 'private' } : { modifier: -5, result: 'unsafe' }
}

/** Names that usually carry a session: losing one is losing the account. */
const sessionNames = /^(__host-|__secure-)?.*(sess|sid$|^sid|login|auth|token|jwt)/i

function cookieFinding(cookies: readonly string[], isProtected: boolean): HeaderFinding {
  if (cookies.length === 0) return { modifier: 0, result: 'none' }
  return cookies
    .map((cookie) => cookieFault(cookie, isProtected))
    .reduce((worst, each) => (each.modifier < worst.modifier ? each : worst))
}

function cookieFault(cookie: string, isProtected: boolean): HeaderFinding {
  const [pair = '', ...rest] = cookie.split(';')
  const attributes = new Map(
    rest.map((each) => [each.split('=')[0]?.trim().toLowerCase() ?? '', each.split('=')[1]?.trim().toLowerCase() ?? '']),
  )
  const name = pair.split('=')[0]?.trim() ?? ''
  const isSession = sessionNames.test(name) && !/csrf|xsrf/i.test(name)
  if (!attributes.has('secure')) {
    if (isProtected) return isSession ? { modifier: -10, result: 'session_not_secure' } : { modifier: -5, result: 'not_secure' }
    return isSession ? { modifier: -40, result: 'session_not_secure' } : { modifier: -20, result: 'not_secure' }
  }
  if (isSession && !attributes.has('httponly')) return { modifier: -30, result: 'session_readable_by_scripts' }
  const sameSite = attributes.get('samesite')
  if (sameSite !== undefined && !['lax', 'strict', 'none'].includes(sameSite))
    return { modifier: -20, result: 'samesite_invalid' }
  return sameSite === 'lax' || sameSite === 'strict' ? { modifier: 5, result: 'samesite' } : { modifier: 0, result: 'ok' }
}

/** `*` alone lets everybody read what everybody can read anyway; with credentials it is a fault that browsers refuse, but a sign. */
function sharingFinding([origin]: readonly string[], [credentials]: readonly string[]): HeaderFinding {
  if (origin === undefined) return { modifier: 0, result: 'none' }
  if (credentials?.trim().toLowerCase() !== 'true')
    return { modifier: 0, result: origin.trim() === '*' ? 'public' : 'restricted' }
  return origin.trim() === '*' || origin.trim() === 'null'
    ? { modifier: -50, result: 'universal' }
    : { modifier: 0, result: 'restricted' }
}
