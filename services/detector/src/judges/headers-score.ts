import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'
import { type Policies, type PolicyStrength, policyStrength, readPolicies } from './content-security-policy.ts'
import { cookieFinding } from './cookie-score.ts'

export const scoredHeaders = [
  'content-security-policy',
  'strict-transport-security',
  'x-frame-options',
  'x-content-type-options',
  'referrer-policy',
  'set-cookie',
  'access-control-allow-origin',
  'cross-origin-resource-policy',
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

/** From here down praise no longer counts. */
const praisedFrom = 90

/**
 * Security headers of one answer, scored as Mozilla's HTTP Observatory does, whose other tests (redirection, integrity of scripts, the list of
 * preloaded hosts) need more than one answer's headers. Each finding has its modifier, and praise counts only near the top. Where a header's
 * own specification says otherwise, it counts: on several policies (CSP §2.2.2), on a max-age that is no number (RFC 6797 §6.1.1) and on the
 * credentials that anybody gets as `null`.
 */
export function headersScore(headers: ResponseHeaders, url: string): HeaderScore {
  const byName = valuesByName(headers)
  const read = (name: string) => byName.get(name) ?? []
  const address = URL.parse(url)
  const isSecure = address !== null && address.protocol === 'https:'
  const policies = readPolicies(read('content-security-policy'))
  const transport = transportFinding(read('strict-transport-security'), isSecure ? address.hostname : null)
  const findings = {
    'content-security-policy': policyFinding(policies, read('content-security-policy-report-only'), isSecure),
    'strict-transport-security': transport,
    'x-frame-options': policies?.directives.has('frame-ancestors')
      ? { modifier: 5, result: 'by_policy' }
      : frameFinding(read('x-frame-options')),
    'x-content-type-options': contentTypeFinding(read('x-content-type-options')),
    'referrer-policy': referrerFinding(read('referrer-policy')),
    'set-cookie': cookieFinding(read('set-cookie'), address, transport.modifier >= 0),
    'access-control-allow-origin': sharingFinding(read('access-control-allow-origin'), read('access-control-allow-credentials')),
    'cross-origin-resource-policy': resourceFinding(read('cross-origin-resource-policy')),
  } satisfies Record<ScoredHeader, HeaderFinding>
  const modifiers = Object.values(findings).map((finding) => finding.modifier)
  const uncurved = 100 + sum(modifiers.filter((modifier) => modifier < 0))
  return { score: Math.max(0, uncurved >= praisedFrom ? 100 + sum(modifiers) : uncurved), findings }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/** In the case in which they came, or any other. */
function valuesByName(headers: ResponseHeaders): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue
    const key = name.toLowerCase()
    const lines = [value].flat().flatMap((each) => each.split(nextLine))
    const whole = key === 'set-cookie' && typeof value === 'string' ? lines.flatMap((line) => line.split(nextCookie)) : lines
    values.set(key, [...(values.get(key) ?? []), ...whole])
  }
  return values
}

/** Browsers that tell of headers join lines of the same name with a line break; before white space it only folds a long one. */
const nextLine = /\r?\n(?![ \t])/

/** Some clients join cookies; the comma of a date is never followed by a name and its equals sign. */
const nextCookie = /,(?=\s*[^\s;,="]+=)/

const policyModifiers: Record<PolicyStrength, number> = {
  default_none: 10,
  no_unsafe: 5,
  unsafe_inline_style: 0,
  repeated_directives: 0,
  insecure_passive: -10,
  unsafe_eval: -10,
  insecure_scheme: -20,
  unsafe_inline: -20,
  invalid: -25,
}

function policyFinding(policies: Policies, reporting: readonly string[], isSecure: boolean): HeaderFinding {
  if (policies?.directives.size === 0)
    return { modifier: -25, result: reporting.every((value) => value.trim() === '') ? 'missing' : 'report_only' }
  const result = policyStrength(policies, isSecure)
  return { modifier: policyModifiers[result], result }
}

/** Six months; a little less, because many take 180 days for it. */
const longEnoughSeconds = 15_552_000

/** Whole domains that browsers only ever open over https, whatever their sites send (the preload list names many more hosts). */
const preloadedDomains: ReadonlySet<string> = new Set(
  (
    'android app bank boo channel chrome dad day dev eat esq fly foo gle gmail google hangout ing insurance meet meme mov new nexus page phd ' +
    'play prof rsvp youtube zip'
  ).split(' '),
)

/** `host` is null for what came over http. */
function transportFinding([header]: readonly string[], host: string | null): HeaderFinding {
  if (host === null) return { modifier: -20, result: 'no_https' }
  if (preloadedDomains.has(host.slice(host.lastIndexOf('.') + 1))) return { modifier: 5, result: 'preloaded' }
  if (header === undefined) return { modifier: -20, result: 'missing' }
  const parameters = header.toLowerCase().slice(0, 1_024).split(';')
  const ages = parameters.map((each) => each.trim()).filter((each) => each.startsWith('max-age='))
  // A header sent twice arrives with a comma, which no browser reads.
  const seconds = header.includes(',') ? Number.NaN : Number.parseInt(ages.at(-1)?.slice(8).replace(/^"/, '') ?? '', 10)
  if (Number.isNaN(seconds)) return { modifier: -20, result: 'invalid' }
  if (seconds < longEnoughSeconds) return { modifier: -10, result: seconds === 0 ? 'switched_off' : 'too_short' }
  return { modifier: 0, result: 'ok' }
}

function frameFinding([header]: readonly string[]): HeaderFinding {
  const value = header?.trim().toLowerCase() ?? ''
  if (value === '') return { modifier: -20, result: 'missing' }
  if (value === 'deny' || value === 'sameorigin') return { modifier: 0, result: value }
  return value.startsWith('allow-from') ? { modifier: 0, result: 'allow_from' } : { modifier: -20, result: 'invalid' }
}

function contentTypeFinding([header]: readonly string[]): HeaderFinding {
  const value = header?.trim().toLowerCase() ?? ''
  if (value === '') return { modifier: -5, result: 'missing' }
  return value === 'nosniff' ? { modifier: 0, result: 'ok' } : { modifier: -5, result: 'invalid' }
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

/** An origin is named to whoever asks from there. With credentials that is a fault if it is named to everybody, which one answer cannot tell. */
function sharingFinding([origin]: readonly string[], [credentials]: readonly string[]): HeaderFinding {
  const value = origin?.trim().toLowerCase() ?? ''
  if (value === '') return { modifier: 0, result: 'none' }
  if (value === '*') return { modifier: 0, result: 'public' }
  const isEverybody = credentials?.trim().toLowerCase() === 'true' && strangers.has(value)
  return isEverybody ? { modifier: -50, result: 'universal' } : { modifier: 0, result: 'restricted' }
}

/** Origins that nobody trusts on purpose: any page can ask as `null`, and this is the one with which the Observatory asks. */
const strangers: ReadonlySet<string> = new Set(['null', 'https://http-observatory.security.mozilla.org'])

function resourceFinding([header]: readonly string[]): HeaderFinding {
  const value = header?.trim().toLowerCase() ?? ''
  if (value === '') return { modifier: 0, result: 'missing' }
  if (value === 'same-origin' || value === 'same-site') return { modifier: 10, result: value.replace('-', '_') }
  return value === 'cross-origin' ? { modifier: 0, result: 'cross_origin' } : { modifier: -5, result: 'invalid' }
}
