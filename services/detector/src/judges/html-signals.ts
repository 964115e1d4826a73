import type { Attributes, Collector, Place } from './collector.ts'
import { walkHtml } from './html-walk.ts'
import { insecureInScript, insecureInStyle, insecurity, type Reference, referencesOf } from './page-references.ts'

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

/** A frame in a frame in a frame: browsers go on, but nobody writes a page like that. */
const framesDeepMax = 3

class ReferenceCollector implements Collector<readonly Reference[]> {
  readonly #insecure = new Map<string, Reference>()
  readonly #byBase: Reference[] = []
  readonly #perKind = new Map<string, number>()
  readonly #frameDepth: number
  /** Whoever runs scripts loads nothing of what is in there. */
  #noscripts = 0

  constructor(frameDepth = 0) {
    this.#frameDepth = frameDepth
  }

  onOpenTag(name: string, attributes: Attributes, place: Place): void {
    if (name === 'noscript' && !place.inHead) this.#noscripts += 1
    if (this.#noscripts > 0) return
    for (const each of referencesOf(name, attributes)) this.#add(each)
    if (name === 'iframe' && attributes['srcdoc'] !== undefined) this.#onFrame(attributes['srcdoc'])
  }

  onCloseTag(name: string): void {
    if (name === 'noscript' && this.#noscripts > 0) this.#noscripts -= 1
  }

  onInline(kind: 'script' | 'style', text: string): void {
    if (this.#noscripts > 0) return
    for (const each of kind === 'script' ? insecureInScript(text) : insecureInStyle(text)) this.#add(each)
  }

  /** A document inside the page that loads as the page does. */
  #onFrame(html: string): void {
    if (this.#frameDepth >= framesDeepMax) return
    const walk = walkHtml({ references: new ReferenceCollector(this.#frameDepth + 1) })
    walk.write(html)
    for (const each of walk.end().references) this.#add(each)
  }

  #add(reference: Reference): void {
    const insecure = insecurity(reference.url)
    if (insecure === 'by_base' && this.#byBase.length < perKindMax) this.#byBase.push(reference)
    if (insecure !== 'insecure') return
    // By kind, so that many images never hide a script.
    const known = this.#perKind.get(reference.kind) ?? 0
    const key = `${reference.kind} ${reference.url}`
    if (known >= perKindMax || this.#insecure.has(key)) return
    this.#perKind.set(reference.kind, known + 1)
    this.#insecure.set(key, reference)
  }

  facts(): readonly Reference[] {
    return [...this.#insecure.values(), ...this.#byBase]
  }
}

const headTags = new Set(['meta', 'link', 'base'])

/** `robots` for all, or one of them: `googlebot-news`, `archive.org_bot`, `slurp`. */
const crawlerName = /^[\w.-]*(?:bot|spider|crawler|slurp|yandex|archiver)[\w.-]*$/

class HeadCollector implements Collector<HeadFacts> {
  readonly tags = headTags
  readonly #directives: MetaDirective[] = []
  readonly #canonicals: CanonicalTag[] = []
  #title: string | null = null
  #baseHref: string | null = null
  #refresh: string | null = null
  #upgradesInsecure = false

  onOpenTag(name: string, attributes: Attributes, place: Place): void {
    if (name === 'meta') this.#onMeta(attributes, place)
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
      upgradesInsecure: this.#upgradesInsecure,
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
  #onMeta(attributes: Attributes, place: Place): void {
    const content = attributes['content']
    if (content === undefined) return
    const agent = (attributes['name'] ?? '').trim().toLowerCase()
    if (crawlerName.test(agent)) {
      if (this.#directives.length < perKindMax) this.#directives.push({ agent, value: content.slice(0, textMax) })
      return
    }
    const equivalent = (attributes['http-equiv'] ?? '').trim().toLowerCase()
    if (equivalent === 'refresh')
      this.#refresh ??= /^[\d.]*\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']*)/i.exec(content.trimStart())?.[1]?.trim() || null
    // A policy in the body is none.
    else if (equivalent === 'content-security-policy' && place.inHead && upgradesInsecure(content)) this.#upgradesInsecure = true
  }
}

/** Does this policy make browsers load everything over https? */
const upgradesInsecure = (policy: string): boolean => /(?:^|[;,])\s*upgrade-insecure-requests\s*(?:[;,]|$)/i.test(policy)

const hasToken = (value: string | undefined, token: string): boolean => value?.toLowerCase().split(/\s+/).includes(token) ?? false
