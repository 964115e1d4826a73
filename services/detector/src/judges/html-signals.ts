import type { Attributes, Collector, Place } from './collector.ts'
import { walkHtml } from './html-walk.ts'
import { insecureInScript, insecureInStyle, type Reference, referencesOf } from './page-references.ts'

export interface MetaDirective {
  /** Lower case: `robots`, `googlebot`. */
  readonly agent: string
  readonly value: string
}

export interface CanonicalTag {
  readonly href: string
  /** False when search engines ignore it: outside the head, or narrowed by hreflang, lang, media or type. */
  readonly counts: boolean
}

/** What one page says in its HTML. Addresses are as written; `baseHref` is what they are relative to. */
export interface HtmlSignals {
  readonly title: string | null
  readonly baseHref: string | null
  readonly directives: readonly MetaDirective[]
  readonly canonicals: readonly CanonicalTag[]
  /** Where a meta refresh leads. */
  readonly refresh: string | null
  readonly references: readonly Reference[]
  /** The page asks browsers to load http addresses over https. */
  readonly upgradesInsecure: boolean
}

export interface HtmlReader {
  write(text: string): void
  end(): HtmlSignals
}

export interface HtmlReaderOptions {
  /** Called for each link that may be followed, as written. */
  readonly onLink: (href: string) => void
  /** False for pages that were not loaded over https: there is nothing to compare then, and it is the costly part. */
  readonly wantsReferences: boolean
}

/** A page that repeats a tag for ever must not fill the memory. */
const perKindMax = 50
const textMax = 500

export function createHtmlReader(options: HtmlReaderOptions): HtmlReader {
  const walk = walkHtml(signalCollectors(options))
  return { write: (text) => walk.write(text), end: () => signalsOf(walk.end()) }
}

export function readHtml(html: string, options: HtmlReaderOptions): HtmlSignals {
  const reader = createHtmlReader(options)
  reader.write(html)
  return reader.end()
}

type HeadFacts = Omit<HtmlSignals, 'references'>

export interface SignalFacts {
  readonly head: HeadFacts
  readonly links: null
  readonly references: readonly Reference[]
}

/** To be joined with collectors of other facts: what they give makes HtmlSignals by `signalsOf`. */
export const signalCollectors = ({ onLink, wantsReferences }: HtmlReaderOptions) => ({
  head: new HeadCollector(),
  links: linkCollector(onLink),
  references: wantsReferences ? new ReferenceCollector() : noReferences,
})

export const signalsOf = ({ head, references }: SignalFacts): HtmlSignals => ({ ...head, references })

const linkCollector = (onLink: (href: string) => void): Collector<null> => ({
  onOpenTag(name, attributes) {
    if (name === 'a' || name === 'area') {
      if (attributes['href'] !== undefined && !hasToken(attributes['rel'], 'nofollow')) onLink(attributes['href'])
    } else if ((name === 'iframe' || name === 'frame') && attributes['src']) onLink(attributes['src'])
  },
  facts: () => null,
})

const noReferences: Collector<readonly Reference[]> = { facts: () => [] }

class ReferenceCollector implements Collector<readonly Reference[]> {
  readonly #references: Reference[] = []

  onOpenTag(name: string, attributes: Attributes): void {
    for (const each of referencesOf(name, attributes)) this.#add(each)
  }

  onInline(kind: 'script' | 'style', text: string): void {
    for (const each of kind === 'script' ? insecureInScript(text) : insecureInStyle(text)) this.#add(each)
  }

  #add(reference: Reference): void {
    if (this.#references.length < perKindMax) this.#references.push(reference)
  }

  facts(): readonly Reference[] {
    return this.#references
  }
}

class HeadCollector implements Collector<HeadFacts> {
  readonly #directives: MetaDirective[] = []
  readonly #canonicals: CanonicalTag[] = []
  #title: string | null = null
  #baseHref: string | null = null
  #refresh: string | null = null
  #upgradesInsecure = false

  onOpenTag(name: string, attributes: Attributes, place: Place): void {
    if (name === 'meta') this.#onMeta(attributes)
    else if (name === 'link') this.#onLinkTag(attributes, place)
    else if (name === 'base' && attributes['href'] !== undefined) this.#baseHref ??= attributes['href']
  }

  onTitle(text: string): void {
    this.#title = text
  }

  facts(): HeadFacts {
    return {
      title: this.#title,
      baseHref: this.#baseHref,
      directives: this.#directives,
      canonicals: this.#canonicals,
      refresh: this.#refresh,
      upgradesInsecure: this.#upgradesInsecure,
    }
  }

  #onLinkTag(attributes: Attributes, place: Place): void {
    const href = attributes['href']
    if (href === undefined || !hasToken(attributes['rel'], 'canonical') || this.#canonicals.length >= perKindMax) return
    const isNarrowed = ['hreflang', 'lang', 'media', 'type'].some((name) => attributes[name] !== undefined)
    this.#canonicals.push({ href, counts: place.inHead && !isNarrowed && !place.isForeign })
  }

  /** Robots directives count wherever they stand: search engines obey them in the body too. */
  #onMeta(attributes: Attributes): void {
    const content = attributes['content']
    if (content === undefined) return
    const agent = (attributes['name'] ?? '').trim().toLowerCase()
    if (agent === 'robots' || /^[a-z-]*bot(-[a-z]+)?$/.test(agent)) {
      if (this.#directives.length < perKindMax) this.#directives.push({ agent, value: content.slice(0, textMax) })
      return
    }
    const equivalent = (attributes['http-equiv'] ?? '').trim().toLowerCase()
    if (equivalent === 'refresh')
      this.#refresh ??= /^[\d.]*\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']*)/i.exec(content.trimStart())?.[1]?.trim() || null
    else if (equivalent === 'content-security-policy' && /upgrade-insecure-requests/i.test(content)) this.#upgradesInsecure = true
  }
}

const hasToken = (value: string | undefined, token: string): boolean => value?.toLowerCase().split(/\s+/).includes(token) ?? false
