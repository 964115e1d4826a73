import { Parser } from 'htmlparser2'
import type { Attributes, Collector, Collectors, Place } from './collector.ts'
import { PageTokenizer } from './html-tokenizer.ts'

export interface HtmlWalk<Facts> {
  write(text: string): void
  end(): Facts
}

const titleLengthMax = 500
/** Of an inline script or style: most are shorter, and of others the beginning tells what they are. */
const inlineLengthMax = 64 * 1024
/** Browsers build no deeper than 512. The parser looks through all open elements at each end tag, so depth costs time squared. */
const depthMax = 1_000

/** Tags that leave the parser in the head (HTML §13.2.6.4.4); any other begins the body, also when nobody wrote <body>. */
const headTags = new Set(
  'head html head base basefont bgsound link meta title style script noscript noframes template'.split(' '),
)

/** HTML knows some 140; who makes up others pays for them. */
const tagsMax = 200

/** Inside these, drawings and formulas hold HTML again. As the parser writes them. */
const islands = new Set('foreignObject desc annotation-xml mi mo mn ms mtext'.split(' '))

/** Tags that no drawing holds: a browser ends the drawing that somebody forgot to close (HTML §13.2.6.5). */
const endForeign = new Set(
  (
    'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre ruby s ' +
    'small span strong strike sub sup table tt u ul var'
  ).split(' '),
)

/** One pass over a page, however it is cut into pieces, that every collector follows. */
export function walkHtml<Facts extends object>(collectors: Collectors<Facts>): HtmlWalk<Facts> {
  const kinds = Object.entries(collectors) as [keyof Facts, Collector<unknown>][]
  const walker = new HtmlWalker(kinds.map(([, collector]) => collector))
  const parser = new Parser(walker, { decodeEntities: true, Tokenizer: PageTokenizer })
  let hasBegun = false
  return {
    write(text) {
      if (walker.isTooDeep || text === '') return
      // A byte order mark says nothing at the beginning of a page. Anywhere else it is text, and ends the head.
      parser.write(hasBegun || !text.startsWith('\uFEFF') ? text : text.slice(1))
      hasBegun = true
    },
    end() {
      parser.end()
      walker.end()
      // Lets go of the page: V8 would carry its text over into the heap of what lasts.
      parser.reset()
      // The facts of each kind are what its collector gives: Collectors says so.
      return Object.fromEntries(kinds.map(([kind, collector]) => [kind, collector.facts()])) as Facts
    },
  }
}

type TextOf = 'title' | 'script' | 'style' | 'skip'

/** Follows the tags of one page and tells collectors what a browser that runs scripts would make of them. */
class HtmlWalker {
  isTooDeep = false
  #parser: Pick<Parser, 'pause'> | null = null
  readonly #openers: readonly Collector<unknown>[]
  /** Of each tag that was met, those that are told of it. */
  readonly #openersOf = new Map<string, readonly Collector<unknown>[]>()
  readonly #readers: readonly Collector<unknown>[]
  readonly #closers: readonly Collector<unknown>[]
  readonly #titled: readonly Collector<unknown>[]
  readonly #inliners: readonly Collector<unknown>[]
  readonly #place: { -readonly [Part in keyof Place]: Place[Part] } = { inHead: true, isForeign: false }
  #depth = 0
  /** Depth inside elements whose content is inert or not HTML. */
  #templates = 0
  readonly #foreign: { readonly name: string; readonly isForeign: boolean }[] = []
  /** Inside a noscript of the head, which is plain text for whoever runs scripts: nothing in it ends the head. */
  #noscript = false
  #textOf: TextOf | null = null
  #title: string | null = null
  #buffer = ''
  #inlineAttributes: Attributes = {}

  constructor(collectors: readonly Collector<unknown>[]) {
    this.#openers = collectors.filter((each) => 'onOpenTag' in each)
    this.#readers = collectors.filter((each) => 'onText' in each)
    this.#closers = collectors.filter((each) => 'onCloseTag' in each)
    this.#titled = collectors.filter((each) => 'onTitle' in each)
    this.#inliners = collectors.filter((each) => 'onInline' in each)
  }

  onparserinit(parser: Pick<Parser, 'pause'>): void {
    this.#parser = parser
  }

  end(): void {
    // A title that is never closed swallows the page; what was read of it is still the title.
    if (this.#textOf === 'title') this.#closeTitle()
  }

  onopentag(name: string, attributes: Record<string, string>, implied: boolean): void {
    this.#depth += 1
    if (this.#depth > depthMax && !this.isTooDeep) {
      // Nothing more is read: what was read until then stands.
      this.isTooDeep = true
      this.#parser?.pause()
    }
    if (this.isTooDeep) return
    if (this.#templates > 0 || (name === 'template' && !this.#isShadow(attributes))) {
      if (name === 'template') this.#templates += 1
      return
    }
    if (this.#noscript) {
      if (name === 'meta') this.#tellOpen(name, attributes)
      return
    }
    // A </p> without its beginning is a paragraph in the body, and nothing in the head.
    if (implied && name === 'p' && this.#place.inHead) return
    this.#enter(name)
    if (this.#place.inHead && !headTags.has(name)) this.#place.inHead = false
    this.#beginText(name, attributes)
    this.#tellOpen(name, attributes)
  }

  /** What an element shows instead of its content: no template, but a part of the page (HTML §4.12.3). The head has none. */
  #isShadow(attributes: Attributes): boolean {
    return !this.#place.inHead && /^(?:open|closed)$/i.test(attributes['shadowrootmode'] ?? '')
  }

  #enter(name: string): void {
    if (name === 'svg' || name === 'math') this.#foreign.push({ name, isForeign: true })
    else if (!this.#place.isForeign) return
    else if (islands.has(name)) this.#foreign.push({ name, isForeign: false })
    else if (endForeign.has(name)) while (this.#foreign.at(-1)?.isForeign) this.#foreign.pop()
    this.#place.isForeign = this.#foreign.at(-1)?.isForeign ?? false
  }

  #leave(name: string): void {
    const at = this.#foreign.findLastIndex((each) => each.name === name)
    if (at >= 0) this.#foreign.length = at
  }

  #beginText(name: string, attributes: Attributes): void {
    switch (name) {
      case 'title':
        if (!this.#place.isForeign) this.#textOf = this.#title === null ? 'title' : 'skip'
        break
      case 'script':
      case 'style':
        this.#textOf = name === 'script' && attributes['src'] !== undefined ? 'skip' : name
        this.#inlineAttributes = attributes
        break
      case 'noscript':
        this.#noscript = this.#place.inHead
        break
      case 'noframes':
      case 'textarea':
        this.#textOf = 'skip'
        break
      default:
    }
  }

  #tellOpen(name: string, attributes: Attributes): void {
    let openers = this.#openersOf.get(name)
    if (!openers) {
      openers = this.#openers.filter(({ tags }) => !tags || tags.has(name))
      if (this.#openersOf.size < tagsMax) this.#openersOf.set(name, openers)
    }
    for (const each of openers) each.onOpenTag?.(name, attributes, this.#place)
  }

  ontext(text: string): void {
    if (this.#templates > 0 || this.#noscript || this.isTooDeep) return
    switch (this.#textOf) {
      case 'title':
        if (this.#buffer.length < titleLengthMax) this.#buffer += text
        break
      case 'script':
      case 'style':
        if (this.#buffer.length < inlineLengthMax && this.#inliners.length > 0) this.#buffer += text
        break
      case 'skip':
        break
      case null:
        if (this.#place.inHead) {
          // HTML knows only these as white space; a no-break space is text.
          if (!/[^\t\n\f\r ]/.test(text)) break
          this.#place.inHead = false
        }
        for (const each of this.#readers) each.onText?.(text, this.#place)
        break
      default:
        this.#textOf satisfies never
    }
  }

  onclosetag(name: string, implied: boolean): void {
    this.#depth -= 1
    const isInert = this.#templates > 0 || (this.#noscript && name !== 'noscript') || this.isTooDeep
    if (name === 'template') this.#templates = Math.max(0, this.#templates - 1)
    else if (this.#foreign.length > 0 && (name === 'svg' || name === 'math' || islands.has(name))) this.#leave(name)
    else if (name === 'title' && this.#textOf === 'title') this.#closeTitle()
    else if (name === 'title' && this.#textOf === 'skip') this.#textOf = null
    else if (name === 'script' || name === 'style') this.#closeInline()
    else if (name === 'noscript') this.#noscript = false
    else if (name === 'noframes' || name === 'textarea') this.#textOf = null
    // The end of the body or document, when somebody wrote it: what follows belongs to the body.
    else if (!implied && (name === 'body' || name === 'html')) this.#place.inHead = false
    if (!isInert) for (const each of this.#closers) each.onCloseTag?.(name, this.#place)
    this.#place.isForeign = this.#foreign.at(-1)?.isForeign ?? false
  }

  #closeTitle(): void {
    this.#title = this.#buffer.replace(/\s+/g, ' ').trim().slice(0, titleLengthMax)
    for (const each of this.#titled) each.onTitle?.(this.#title)
    this.#buffer = ''
    this.#textOf = null
  }

  #closeInline(): void {
    const kind = this.#textOf
    const text = this.#buffer.slice(0, inlineLengthMax)
    this.#buffer = ''
    this.#textOf = null
    if (kind === 'script' || kind === 'style')
      for (const each of this.#inliners) each.onInline?.(kind, text, this.#inlineAttributes)
  }
}
