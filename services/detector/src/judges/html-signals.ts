import { Parser } from 'htmlparser2'
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
const inlineBytesMax = 256 * 1024
/** Browsers build no deeper than 512. The parser looks through all open elements at each end tag, so depth costs time squared. */
const depthMax = 1_000

/** Tags that leave the parser in the head (HTML §13.2.6.4.4); any other begins the body, also when nobody wrote <body>. */
const headTags = new Set('html head base basefont bgsound link meta title style script noscript noframes template'.split(' '))

export function createHtmlReader(options: HtmlReaderOptions): HtmlReader {
  const reader = new HtmlSignalReader(options)
  const parser = new Parser(reader, { decodeEntities: true })
  reader.onTooDeep = () => parser.pause()
  return {
    write(text) {
      if (!reader.isTooDeep) parser.write(text)
    },
    end() {
      parser.end()
      return reader.signals()
    },
  }
}

export function readHtml(html: string, options: HtmlReaderOptions): HtmlSignals {
  const reader = createHtmlReader(options)
  reader.write(html)
  return reader.end()
}

/** Sees the tags of one page pass by and keeps the few facts that matter; the page itself is not kept. */
class HtmlSignalReader {
  /** Nothing more is read: what was read until then stands. */
  onTooDeep = (): void => {}
  isTooDeep = false
  readonly #options: HtmlReaderOptions
  readonly #directives: MetaDirective[] = []
  readonly #canonicals: CanonicalTag[] = []
  readonly #references: Reference[] = []
  #title: string | null = null
  #titleText = ''
  #baseHref: string | null = null
  #refresh: string | null = null
  #upgradesInsecure = false
  #inHead = true
  #depth = 0
  /** Depth inside elements whose content is inert or not HTML. */
  #templates = 0
  #foreign = 0
  /** Inside a noscript of the head, which is plain text for whoever runs scripts: nothing in it ends the head. */
  #noscript = false
  #textOf: 'title' | 'script' | 'style' | 'skip' | null = null
  #inline = ''

  constructor(options: HtmlReaderOptions) {
    this.#options = options
  }

  signals(): HtmlSignals {
    // A title that is never closed swallows the page; what was read of it is still the title.
    if (this.#textOf === 'title') this.#closeTitle()
    return {
      title: this.#title,
      baseHref: this.#baseHref,
      directives: this.#directives,
      canonicals: this.#canonicals,
      refresh: this.#refresh,
      references: this.#references,
      upgradesInsecure: this.#upgradesInsecure,
    }
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    this.#depth += 1
    if (this.#depth > depthMax && !this.isTooDeep) {
      this.isTooDeep = true
      this.onTooDeep()
    }
    if (this.isTooDeep) return
    if (this.#templates > 0 || name === 'template') {
      if (name === 'template') this.#templates += 1
      return
    }
    if (name === 'svg' || name === 'math') this.#foreign += 1
    if (this.#noscript) {
      if (name === 'meta') this.#onMeta(attributes)
      return
    }
    if (this.#inHead && !headTags.has(name)) this.#inHead = false
    this.#onTag(name, attributes)
    if (this.#options.wantsReferences) for (const each of referencesOf(name, attributes)) this.#addReference(each)
  }

  #onTag(name: string, attributes: Record<string, string>): void {
    switch (name) {
      case 'a':
      case 'area':
        if (attributes['href'] !== undefined && !hasToken(attributes['rel'], 'nofollow')) this.#options.onLink(attributes['href'])
        break
      case 'iframe':
      case 'frame':
        if (attributes['src']) this.#options.onLink(attributes['src'])
        break
      case 'base':
        if (attributes['href'] !== undefined) this.#baseHref ??= attributes['href']
        break
      case 'link':
        this.#onLinkTag(attributes)
        break
      case 'meta':
        this.#onMeta(attributes)
        break
      case 'title':
        if (this.#title === null && this.#foreign === 0) this.#textOf = 'title'
        break
      case 'script':
        this.#textOf = attributes['src'] === undefined ? 'script' : 'skip'
        break
      case 'style':
        this.#textOf = 'style'
        break
      case 'noscript':
        this.#noscript = this.#inHead
        break
      case 'noframes':
      case 'textarea':
        this.#textOf = 'skip'
        break
      default:
    }
  }

  ontext(text: string): void {
    if (this.#templates > 0 || this.#noscript) return
    switch (this.#textOf) {
      case 'title':
        if (this.#titleText.length < textMax) this.#titleText += text
        break
      case 'script':
      case 'style':
        if (this.#options.wantsReferences && this.#inline.length < inlineBytesMax) this.#inline += text
        break
      case 'skip':
        break
      case null:
        if (this.#inHead && /[^\s\uFEFF]/.test(text)) this.#inHead = false
        break
      default:
        this.#textOf satisfies never
    }
  }

  onclosetag(name: string, implied: boolean): void {
    this.#depth -= 1
    if (name === 'template') this.#templates = Math.max(0, this.#templates - 1)
    else if (name === 'svg' || name === 'math') this.#foreign = Math.max(0, this.#foreign - 1)
    else if (name === 'title' && this.#textOf === 'title') this.#closeTitle()
    else if (name === 'script' || name === 'style') this.#closeInline()
    else if (name === 'noscript') this.#noscript = false
    else if (name === 'noframes' || name === 'textarea') this.#textOf = null
    // The end of the body or document, when somebody wrote it: what follows belongs to the body.
    else if (!implied && (name === 'body' || name === 'html')) this.#inHead = false
  }

  #closeTitle(): void {
    this.#title = this.#titleText.replace(/\s+/g, ' ').trim().slice(0, textMax)
    this.#textOf = null
  }

  #closeInline(): void {
    const found = this.#textOf === 'script' ? insecureInScript(this.#inline) : insecureInStyle(this.#inline)
    for (const each of found) this.#addReference(each)
    this.#inline = ''
    this.#textOf = null
  }

  #addReference(reference: Reference): void {
    if (this.#references.length < perKindMax) this.#references.push(reference)
  }

  #onLinkTag(attributes: Record<string, string>): void {
    const href = attributes['href']
    if (href === undefined || !hasToken(attributes['rel'], 'canonical') || this.#canonicals.length >= perKindMax) return
    const isNarrowed = ['hreflang', 'lang', 'media', 'type'].some((name) => attributes[name] !== undefined)
    this.#canonicals.push({ href, counts: this.#inHead && !isNarrowed && this.#foreign === 0 })
  }

  /** Robots directives count wherever they stand: search engines obey them in the body too. */
  #onMeta(attributes: Record<string, string>): void {
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
