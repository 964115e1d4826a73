import { createHash } from 'node:crypto'
import type { Attributes, Collector } from './collector.ts'
import { type ScriptFacts, scriptFacts } from './script-analysis.ts'
import { nowhere, runsAsScript, ScriptCollector } from './script-collector.ts'
import type { ScriptPart } from './script-part.ts'
import { type VulnerableLibrary, vulnerableLibraries } from './vulnerable-library.ts'

/** What a page runs, as far as anybody may have to say something about it. */
export interface PageRunning {
  /** Domains that scripts and frames come from, or are brought from by inline scripts: other than the page's own address. */
  readonly hosts: readonly string[]
  /** Scripts with a signal. */
  readonly noted: readonly ScriptFacts[]
  readonly libraries: readonly FoundLibrary[]
  /** Files of script. The collector gives them as written, the page as they resolve. */
  readonly addresses: readonly string[]
  /** Cards or passwords are typed here. */
  readonly isSensitive: boolean
}

export interface FoundLibrary extends VulnerableLibrary {
  /** Its address, as far as it fits. */
  readonly script: string
}

const hostsMax = 100
const notedMax = 30
const librariesMax = 20
const addressLengthMax = 300
const addressesMax = 40

/** Scripts are read once while a site is crawled, as most of them are on every page. What is kept of each is small. */
const factsMax = 4_000
const factsByText = new Map<string, ScriptFacts>()
const librariesByAddress = new Map<string, readonly VulnerableLibrary[]>()

export class RunningCollector implements Collector<PageRunning> {
  readonly #hosts = new Set<string>()
  readonly #noted = new Map<string, ScriptFacts>()
  readonly #libraries = new Map<string, FoundLibrary>()
  readonly #scripts = new ScriptCollector((part) => this.#take(part))

  readonly #addresses = new Set<string>()
  #base: string | null = null

  onOpenTag(name: string, attributes: Attributes): void {
    if (name === 'base') this.#base ??= attributes['href'] ?? null
    const { src } = attributes
    if (name === 'script' && src && src.length <= addressLengthMax && runsAsScript(attributes['type']))
      if (this.#addresses.size < addressesMax) this.#addresses.add(this.#withBase(src.trim()))
    this.#scripts.onOpenTag(name, attributes)
  }

  onInline(kind: 'script' | 'style', text: string, attributes: Attributes): void {
    this.#scripts.onInline(kind, text, attributes)
  }

  facts(): PageRunning {
    return {
      hosts: [...this.#hosts],
      noted: [...this.#noted.values()],
      libraries: [...this.#libraries.values()],
      addresses: [...this.#addresses],
      isSensitive: this.#scripts.facts(),
    }
  }

  /** Without the page's own address nobody knows its folder; where the page names another base, that is in its place. */
  #withBase(src: string): string {
    const base = this.#base === null ? null : URL.parse(this.#base, nowhere)
    const url = base && URL.parse(src, base)
    return url ? url.href.replace(nowhere, '/') : src
  }

  #take(part: ScriptPart): void {
    const facts = remembered(factsByText, `${part.kind} ${part.isHidden} ${digest(part.text)}`, () => scriptFacts(part))
    for (const host of facts.host === null ? facts.reaches : [facts.host]) if (this.#hosts.size < hostsMax) this.#hosts.add(host)
    if (facts.signals.length > 0 && this.#noted.size < notedMax) this.#noted.set(facts.key, facts)
    if (part.kind === 'external') this.#findLibraries(part.text)
  }

  #findLibraries(address: string): void {
    for (const found of remembered(librariesByAddress, address, () => vulnerableLibraries(address)))
      if (this.#libraries.size < librariesMax)
        this.#libraries.set(`${found.library}@${found.version}`, { ...found, script: address.slice(0, addressLengthMax) })
  }
}

const digest = (text: string): string => (text.length <= 64 ? text : createHash('sha1').update(text).digest('base64'))

function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const before = known.get(key)
  if (before !== undefined) return before
  if (known.size >= factsMax) known.clear()
  const value = make()
  known.set(key, value)
  return value
}
