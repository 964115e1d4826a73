/** Directive name → sources, all in lower case. */
export type Policy = ReadonlyMap<string, ReadonlySet<string>>

/** How much a policy leaves open, in the order in which the Observatory asks. */
export type PolicyStrength =
  | 'invalid'
  | 'unsafe_inline'
  | 'insecure_scheme'
  | 'unsafe_eval'
  | 'repeated_directives'
  | 'insecure_passive'
  | 'unsafe_inline_style'
  | 'default_none'
  | 'no_unsafe'

/** Null when a policy cannot be read; empty when there is none. */
export type Policies = { readonly directives: Policy; readonly repeatsReports: boolean } | null

/** Longer ones are cut: browsers refuse headers of this length anyway. */
const lengthMax = 50_000
/** Below that no directive fits. */
const lengthMin = 6
/** Nobody sends more; each is compared with the others. */
const policiesMax = 20

/**
 * All policies apply at once, so a source counts only if each policy that says anything of such sources has it. Header lines that were joined
 * and lists in one line are the same: a comma begins the next policy (CSP §2.2.2).
 */
export function readPolicies(headers: readonly string[]): Policies {
  const lines = headers.map((header) =>
    header
      .slice(0, lengthMax)
      .replace(/[\r\n]/g, '')
      .trim(),
  )
  if (lines.some((line) => line !== '' && line.length < lengthMin)) return null
  const policies: Policy[] = []
  let repeatsReports = false
  for (const text of lines.flatMap((line) => line.split(',')).slice(0, policiesMax)) {
    const policy = readPolicy(text)
    if (!policy) return null
    repeatsReports ||= policy.repeatsReports
    if (policy.directives.size > 0) policies.push(policy.directives)
  }
  return { directives: merged(policies), repeatsReports }
}

function merged(policies: readonly Policy[]): Policy {
  const [first, ...others] = policies
  if (!first || others.length === 0) return first ?? new Map()
  const names = new Set(policies.flatMap((policy) => [...policy.keys()]))
  return new Map([...names].map((name) => [name, policies.flatMap((policy) => said(policy, name) ?? []).reduce(inBoth)]))
}

/** Where something may be loaded from is said by default-src if by nothing else; of the other directives it says nothing. */
const said = (policy: Policy, name: string): ReadonlySet<string> | undefined =>
  policy.get(name) ?? (/-src(-elem|-attr)?$/.test(name) ? policy.get('default-src') : undefined)

/** Does this policy make browsers load everything over https? */
export const upgradesInsecure = (policy: string): boolean => /(?:^|[;,])\s*upgrade-insecure-requests(?:[;,\s]|$)/i.test(policy)

const none: ReadonlySet<string> = new Set(["'none'"])

/** Browsers take the first of a repeated directive and forget the others; whoever wrote two meant something else, so it is a fault. */
function readPolicy(text: string): Policies {
  const directives = new Map<string, ReadonlySet<string>>()
  let repeatsReports = false
  for (const part of text.split(';')) {
    const [name = '', ...sources] = part.trim().toLowerCase().split(/\s+/)
    if (name === '') continue
    if (!directives.has(name)) directives.set(name, sources.length === 0 ? none : new Set(sources))
    else if (name === 'report-uri' || name === 'report-to') repeatsReports = true
    else return null
  }
  return { directives, repeatsReports }
}

function inBoth(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  const both = [...b].filter((source) => a.has(source) || isBelow(source, a))
  for (const source of a) if (isBelow(source, b)) both.push(source)
  return both.length === 0 ? none : new Set(both)
}

/** Deeper paths are not followed. */
const slashesMax = 20

/** Sources with paths: what ends in a slash is everything below it. */
function isBelow(source: string, others: ReadonlySet<string>): boolean {
  let slash = source.indexOf('/')
  for (let depth = 0; slash >= 0 && depth < slashesMax; depth += 1) {
    if (others.has(source.slice(0, slash + 1))) return true
    slash = source.indexOf('/', slash + 1)
  }
  return false
}

const broad = ['ftp:', 'http:', 'https:', '*', 'http://*', 'http://*.*', 'https://*', 'https://*.*']
const tooBroad: ReadonlySet<string> = new Set(broad)
const unsafe: ReadonlySet<string> = new Set([...broad, "'unsafe-inline'", 'data:'])
const everything: ReadonlySet<string> = new Set(['*'])

export function policyStrength(policies: Policies, isSecure: boolean): PolicyStrength {
  if (!policies) return 'invalid'
  const directives = new Map(policies.directives)
  const sourcesOf = (name: string) => directives.get(name) ?? directives.get('default-src') ?? everything
  const written = sourcesOf('script-src')
  const isDynamic = written.has("'strict-dynamic'")
  // Without a nonce or hash nothing would ever run.
  if (isDynamic && !isGuarded(written)) return 'invalid'
  const scripts = isDynamic ? withoutHosts(effective(written)) : effective(written)
  // The Observatory takes what a nonce switches off in the fallback as switched off for all that fall back.
  if (!directives.has('script-src') && directives.has('default-src')) directives.set('default-src', scripts)
  const objects = sourcesOf('object-src')
  const styles = effective(sourcesOf('style-src'))
  if (some(scripts, (source) => unsafe.has(source)) || some(objects, (source) => tooBroad.has(source))) return 'unsafe_inline'
  const active = [...directives].filter(([name]) => name !== 'script-src' && name !== 'img-src' && name !== 'media-src')
  if (isSecure && (some(scripts, isInsecure) || active.some(([, sources]) => some(sources, isInsecure)))) return 'insecure_scheme'
  if (scripts.has("'unsafe-eval'") || styles.has("'unsafe-eval'")) return 'unsafe_eval'
  const passive = ['img-src', 'media-src'].map((name) => directives.get(name) ?? directives.get('default-src'))
  // The Observatory says of a policy that would pass otherwise only that.
  if (policies.repeatsReports) return 'repeated_directives'
  if (isSecure && passive.some((sources) => sources && some(sources, isInsecure))) return 'insecure_passive'
  if (some(styles, (source) => unsafe.has(source))) return 'unsafe_inline_style'
  const defaults = directives.get('default-src')
  return defaults?.size === 1 && defaults.has("'none'") ? 'default_none' : 'no_unsafe'
}

const some = (sources: ReadonlySet<string>, test: (source: string) => boolean): boolean => [...sources].some(test)

const isInsecure = (source: string): boolean => source.startsWith('http:') || source.startsWith('ftp:')

const isGuarded = (sources: ReadonlySet<string>): boolean =>
  some(sources, (source) => /^'(nonce|sha256|sha384|sha512)-/.test(source))

/** A nonce or hash switches 'unsafe-inline' off, in every browser that knows them. */
const effective = (sources: ReadonlySet<string>): ReadonlySet<string> =>
  isGuarded(sources) ? new Set([...sources].filter((source) => source !== "'unsafe-inline'")) : sources

/** 'strict-dynamic' switches off the lists of hosts. */
const withoutHosts = (sources: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...sources].filter((source) => source !== "'self'" && !broad.some((prefix) => source.startsWith(prefix))))
