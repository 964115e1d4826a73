/** Directive name → sources, all in lower case. Of a directive written twice the first counts, as in browsers. */
export type Policy = ReadonlyMap<string, readonly string[]>

/** Each policy of each header: all of them apply at once. */
export function readPolicies(headers: readonly string[]): Policy[] {
  return headers
    .flatMap((header) => header.slice(0, 50_000).split(','))
    .map(readPolicy)
    .filter((policy) => policy.size > 0)
}

function readPolicy(text: string): Policy {
  const policy = new Map<string, readonly string[]>()
  for (const part of text.split(';')) {
    const [name = '', ...sources] = part.trim().toLowerCase().split(/\s+/)
    if (/^[a-z-]+$/.test(name) && !policy.has(name)) policy.set(name, sources)
  }
  return policy
}

const sourcesOf = (policy: Policy, directive: string): readonly string[] | null =>
  policy.get(directive) ?? policy.get('default-src') ?? null

export type PolicyStrength =
  | 'default_none'
  | 'no_unsafe'
  | 'unsafe_inline_style'
  | 'insecure_passive'
  | 'unsafe_eval'
  | 'insecure_scheme'
  | 'unsafe_inline'
  | 'invalid'

/** How much the strictest of the policies leaves open. */
export function policyStrength(policies: readonly Policy[]): PolicyStrength {
  const strengths = policies.map(strengthOf)
  return order.find((strength) => strengths.includes(strength)) ?? 'invalid'
}

const order: readonly PolicyStrength[] = [
  'default_none',
  'no_unsafe',
  'unsafe_inline_style',
  'insecure_passive',
  'unsafe_eval',
  'insecure_scheme',
  'unsafe_inline',
]

const tooWide = new Set(['*', 'http:', 'https:', 'data:', 'ws:', 'http://*', 'https://*'])

function strengthOf(policy: Policy): PolicyStrength {
  const scripts = sourcesOf(policy, 'script-src')
  const styles = sourcesOf(policy, 'style-src')
  const objects = sourcesOf(policy, 'object-src')
  // A nonce or hash switches 'unsafe-inline' off, and 'strict-dynamic' the lists of hosts, in every browser that knows them.
  const isGuarded = (sources: readonly string[]) =>
    sources.some((source) => /^'(nonce-|sha(256|384|512)-|strict-dynamic)/.test(source))
  const allowsInline = (sources: readonly string[] | null) =>
    sources === null || (sources.includes("'unsafe-inline'") && !isGuarded(sources))
  const allowsAll = (sources: readonly string[] | null) =>
    sources === null || (!sources.includes("'strict-dynamic'") && sources.some((source) => tooWide.has(source)))
  if (allowsInline(scripts) || allowsAll(scripts) || allowsAll(objects)) return 'unsafe_inline'
  const isInsecure = (sources: readonly string[] | null) => sources?.some((source) => /^(http|ftp):/.test(source)) ?? false
  if (
    ['script-src', 'style-src', 'object-src', 'frame-src', 'connect-src', 'font-src'].some((name) =>
      isInsecure(sourcesOf(policy, name)),
    )
  )
    return 'insecure_scheme'
  if (scripts?.includes("'unsafe-eval'")) return 'unsafe_eval'
  if (['img-src', 'media-src'].some((name) => isInsecure(sourcesOf(policy, name)))) return 'insecure_passive'
  if (styles === null || styles.includes("'unsafe-inline'") || allowsAll(styles)) return 'unsafe_inline_style'
  const defaults = policy.get('default-src')
  return defaults?.length === 1 && defaults[0] === "'none'" ? 'default_none' : 'no_unsafe'
}
