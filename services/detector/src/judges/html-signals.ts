import type { Attributes, Collector, Place } from './collector.ts'
import { walkHtml } from './html-walk.ts'
import type { Reference } from './page-references.ts'
import { ReferenceCollector } from './reference-collector.ts'

export interface MetaDirective {
  /** Lower case: `robots`, `googlebot`. */
  readonly agent: string
  readonly value: string
}

export interface CanonicalTag {
  readonly href: string
  /** False when search engines ignore it: outside the head, empty, or narrowed by hreflang, lang, media or type. */
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
  /** None of what the page itself asks browsers to load over https. */
  readonly references: readonly Reference[]
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

const linkTags = new Set(['a', 'area', 'iframe', 'frame'])

const linkCollector = (onLink: (href: string) => void): Collector<null> => ({
  tags: linkTags,
  onOpenTag(name, attributes) {
    if (name === 'a' || name === 'area') {
      if (attributes['href'] !== undefined && !hasToken(attributes['rel'], 'nofollow')) onLink(attributes['href'])
    } else if ((name === 'iframe' || name === 'frame') && attributes['src']) onLink(attributes['src'])
  },
  facts: () => null,
})

const noReferences: Collector<readonly Reference[]> = { facts: () => [] }

const headTags = new Set(['meta', 'link', 'base'])

/** Twice as long as any that is known. */
const crawlerNameMax = 50
/** `robots` for all, or one of them: `googlebot-news`, `archive.org_bot`, `slurp`. */
const crawlerName = /^[\w.-]*(?:bot|spider|crawler|slurp|yandex|archiver)[\w.-]*$/

class HeadCollector implements Collector<HeadFacts> {
  readonly tags = headTags
  readonly #directives: MetaDirective[] = []
  readonly #canonicals: CanonicalTag[] = []
  #title: string | null = null
  #baseHref: string | null = null
  #refresh: string | null = null

  onOpenTag(name: string, attributes: Attributes, place: Place): void {
    if (name === 'meta') this.#onMeta(attributes)
    else if (name === 'link') this.#onLinkTag(attributes, place)
    else if (name === 'base' && !place.isForeign && attributes['href'] !== undefined) this.#baseHref ??= attributes['href']
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
    }
  }

  #onLinkTag(attributes: Attributes, place: Place): void {
    const href = attributes['href']
    if (href === undefined || !hasToken(attributes['rel'], 'canonical') || this.#canonicals.length >= perKindMax) return
    const isNarrowed = ['hreflang', 'lang', 'media', 'type'].some((name) => attributes[name] !== undefined)
    // An empty address makes no link (HTML §4.2.4).
    this.#canonicals.push({ href, counts: place.inHead && !isNarrowed && !place.isForeign && href.trim() !== '' })
  }

  /** Robots directives count wherever they stand: search engines obey them in the body too. */
  #onMeta(attributes: Attributes): void {
    const content = attributes['content']
    if (content === undefined) return
    const agent = (attributes['name'] ?? '').trim().toLowerCase()
    if (agent.length <= crawlerNameMax && crawlerName.test(agent)) {
      if (this.#directives.length < perKindMax) this.#directives.push({ agent, value: content.slice(0, textMax) })
      return
    }
    const equivalent = (attributes['http-equiv'] ?? '').trim().toLowerCase()
    if (equivalent === 'refresh')
      this.#refresh ??= /^[\d.]*\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']*)/i.exec(content.trimStart())?.[1]?.trim() || null
  }
}

const hasToken = (value: string | undefined, token: string): boolean => value?.toLowerCase().split(/\s+/).includes(token) ?? false
