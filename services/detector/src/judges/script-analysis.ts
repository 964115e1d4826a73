import type { Severity } from '@tocsin/contract/rule'
import { htmlScripts, looksLikeHtml, nowhere } from './script-collector.ts'
import { scriptHash, scriptShape } from './script-hash.ts'
import { hostsIn, isCampaign, isMiner, isOddHost, isService, ownerOf } from './script-hosts.ts'
import type { ScriptPart } from './script-part.ts'
import type { Signal, SignalFamily } from './script-signal.ts'
import { glued, signalsOf } from './script-signals.ts'

/** What a page or site was seen to run before. An earlier analysis is one. */
export interface ScriptBaseline {
  /** Domains that scripts and frames came from. */
  readonly hosts: readonly string[]
  /** Of inline scripts, and of their shapes. */
  readonly hashes: readonly string[]
}

export interface AnalysedScript {
  readonly kind: ScriptPart['kind']
  /** What names it between visits: an inline script's hash, or the domain that an external one comes from. */
  readonly key: string
  readonly hash: string | null
  /** What scripts have in common that a template fills; null of one without signals, or of a short one. */
  readonly shape: string | null
  readonly host: string | null
  /** Domains that an inline script brings something from. */
  readonly reaches: readonly string[]
  readonly signals: readonly Signal[]
  /** Not in the baseline; false without one. */
  readonly isNew: boolean
  /** Null: nothing to say about it. */
  readonly severity: Severity | null
}

export interface ScriptAnalysis extends ScriptBaseline {
  readonly scripts: readonly AnalysedScript[]
  /** What is new against the baseline. */
  readonly changes: readonly AnalysedScript[]
  /** The worst of all scripts. */
  readonly severity: Severity | null
  readonly verdict: 'clean' | 'changed' | 'suspicious' | 'malicious'
}

export interface AnalysisOptions {
  /** The page's own address: its own domain is never new. */
  readonly pageUrl?: string
  /** Cards or passwords are typed here. */
  readonly isSensitive?: boolean
}

/**
 * What runs on a page, or in one script, and whether it should. With a baseline, what is new needs one strong signal or two weak ones
 * of different families; without one only what no honest code does counts, because nobody knows what belongs there.
 */
export function analyseScripts(input: string, baseline?: ScriptBaseline, options: AnalysisOptions = {}): ScriptAnalysis {
  if (!looksLikeHtml(input)) return analyseParts([{ kind: 'inline', text: input, isHidden: false }], baseline, options)
  const page = htmlScripts(input, options.pageUrl)
  return analyseParts(page.parts, baseline, { ...options, isSensitive: options.isSensitive ?? page.isSensitive })
}

export function analyseParts(
  parts: readonly ScriptPart[],
  baseline: ScriptBaseline | undefined,
  options: AnalysisOptions,
): ScriptAnalysis {
  const own = options.pageUrl === undefined ? null : ownerOf(URL.parse(options.pageUrl)?.hostname ?? '')
  const known = baseline && { hosts: new Set(baseline.hosts), hashes: new Set(baseline.hashes) }
  const scripts = parts.flatMap((part) => {
    const facts = scriptFacts(part)
    if (facts.kind !== 'inline' && facts.host === null && facts.signals.length === 0) return []
    const isNew = known !== undefined && isUnknown(facts, known, own)
    return [{ ...facts, isNew, severity: severityOf(facts, { isNew, hasBaseline: known !== undefined, known, own, options }) }]
  })
  const changes = scripts.filter((script) => script.isNew)
  const severity = worst(scripts.map((script) => script.severity))
  return {
    scripts,
    changes,
    hosts: [...new Set(scripts.flatMap(({ host, reaches }) => (host === null ? reaches : [host, ...reaches])))],
    hashes: [...new Set(scripts.flatMap(({ hash, shape }) => [hash ?? [], shape ?? []].flat()))],
    severity,
    verdict: verdictOf(severity, changes.length > 0),
  }
}

export type ScriptFacts = Pick<AnalysedScript, 'kind' | 'key' | 'hash' | 'shape' | 'host' | 'reaches' | 'signals'>

/** What is to be known of one script without knowing anything else. */
export function scriptFacts({ kind, text, isHidden }: ScriptPart): ScriptFacts {
  if (kind === 'inline' || kind === 'handler') {
    const hash = scriptHash(text)
    const signals = signalsOf(text)
    const shape = signals.length === 0 ? null : scriptShape(text)
    return { kind, key: shape ?? hash, hash, shape, host: null, reaches: reachesOf(text, signals), signals }
  }
  const url = URL.parse(text)
  const isElsewhere = url !== null && /^https?:$/.test(url.protocol) && !text.startsWith(nowhere)
  const host = isElsewhere ? ownerOf(url.hostname) : null
  const signals: Signal[] = []
  if (isElsewhere) {
    if (isMiner(url.hostname)) signals.push({ family: 'miner', strength: 'decisive', detail: url.hostname })
    if (isCampaign(url.hostname)) signals.push({ family: 'known_campaign', strength: 'decisive', detail: url.hostname })
    if (isOddHost(url.hostname) || isOddPath(url)) signals.push({ family: 'odd_host', strength: 'weak', detail: url.hostname })
  }
  if (kind === 'frame' && isHidden)
    signals.push({ family: 'hidden_frame', strength: 'weak', detail: 'a frame that cannot be seen' })
  return { kind, key: host ?? text.slice(0, 200), hash: null, shape: null, host, reaches: [], signals }
}

/** What these do, they do with something from elsewhere. */
const reaching: ReadonlySet<SignalFamily> = new Set(['loader', 'document_write', 'hidden_frame', 'redirect'])
const reachesMax = 10

function reachesOf(source: string, signals: readonly Signal[]): string[] {
  if (!signals.some(({ family }) => reaching.has(family))) return []
  return [...new Set(hostsIn(glued(source)).map(ownerOf))].slice(0, reachesMax)
}

/** A script that is no file of scripts: jquery.php, a directory of digits, a port of its own. */
const isOddPath = (url: URL): boolean =>
  /(?:jquery|analytics|stat|min|cdn|script)[\w.-]{0,20}\.php/i.test(url.pathname) || url.port !== ''

interface Known {
  readonly hosts: ReadonlySet<string>
  readonly hashes: ReadonlySet<string>
}

function isUnknown(facts: ScriptFacts, known: Known, own: string | null): boolean {
  if (facts.hash !== null) return !known.hashes.has(facts.hash) && (facts.shape === null || !known.hashes.has(facts.shape))
  return facts.host !== null && facts.host !== own && !known.hosts.has(facts.host)
}

interface Standing {
  readonly isNew: boolean
  readonly hasBaseline: boolean
  readonly known: Known | undefined
  readonly own: string | null
  readonly options: AnalysisOptions
}

function severityOf(facts: ScriptFacts, { isNew, hasBaseline, known, own, options }: Standing): Severity | null {
  if (hasBaseline && !isNew) return null
  const bad = hasBaseline
    ? isInjection(facts, (host) => host === own || known?.hosts.has(host) === true)
    : isMalicious(facts.signals)
  if (!bad) return hasBaseline ? 'low' : null
  return facts.signals.some(({ family }) => family === 'miner' || family === 'card_theft') || options.isSensitive === true
    ? 'critical'
    : 'high'
}

type New = Pick<ScriptFacts, 'host' | 'reaches' | 'signals'>

/** What a script that is new to a site has against it. A host nobody knew is as good as a weak signal. */
export function newFamilies({ host, reaches, signals }: New, isKnown: (host: string) => boolean): ReadonlySet<string> {
  const families = new Set<SignalFamily | 'new_host'>(signals.map(({ family }) => family))
  const hosts = host === null ? reaches : [host]
  if (hosts.some((each) => !isService(each) && !isKnown(each))) families.add('new_host')
  // Loading from hosts that are known, or that everybody loads from, is what scripts are for.
  else if (hosts.length > 0) for (const family of reaching) families.delete(family)
  return families
}

/** One strong signal, or two weak ones of different families. */
export const isInjection = (script: New, isKnown: (host: string) => boolean): boolean =>
  script.signals.some(({ strength }) => strength !== 'weak') || newFamilies(script, isKnown).size >= 2

/** No honest code does it, or it does two things that are at least very rare. */
export const isMalicious = (signals: readonly Signal[]): boolean =>
  signals.some(({ strength }) => strength === 'decisive') || signals.filter(({ strength }) => strength === 'strong').length >= 2

const order: readonly Severity[] = ['critical', 'high', 'medium', 'low']
const worst = (severities: readonly (Severity | null)[]): Severity | null =>
  order.find((each) => severities.includes(each)) ?? null

function verdictOf(severity: Severity | null, hasChanged: boolean): ScriptAnalysis['verdict'] {
  if (severity === 'critical' || severity === 'high') return 'malicious'
  if (severity === 'medium') return 'suspicious'
  return hasChanged ? 'changed' : 'clean'
}
