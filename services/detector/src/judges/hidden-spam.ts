import type { Attributes, Collector } from './collector.ts'
import { walkHtml } from './html-walk.ts'
import { ownerOf } from './script-hosts.ts'
import { spamTermsIn } from './spam-lexicon.ts'

/** Links that nobody can see, and words of spam, on one page. Whether they are new, the rule decides. */
export interface HiddenSpam {
  /** Domains that links lead to which are out of sight; each as often as it is linked, fifty at most. */
  readonly hiddenLinks: readonly string[]
  /** Of the lexicon, each once. */
  readonly terms: readonly string[]
}

const linksMax = 50
const termsMax = 30
/** Of text; a page of spam says what it is long before. */
const textLengthMax = 200_000
/** Longer than any term, so that none is lost between two pieces. */
const overlap = 60

/** Out of sight by its own style: far off, without size or colour, or not shown at all. */
export function isOutOfSight(style: string | undefined): boolean {
  if (style === undefined || !/-\d|none|hidden|opacity|font-size|overflow|background/i.test(style)) return false
  const css = style.toLowerCase().replace(/\s+/g, '')
  if (/(?:^|;)(?:left|top|right|margin-left|margin-top|text-indent):-\d{3,}(?:\.\d+)?(?:px|em|rem|%)/.test(css)) return true
  if (/(?:^|;)(?:display:none|visibility:hidden|opacity:0(?:\.0\d*)?(?:;|!|$)|font-size:[01](?:px|pt|em)?(?:;|!|$))/.test(css))
    return true
  if (/(?:^|;)(?:height|width|max-height):[01](?:px)?(?:;|!|$)/.test(css) && /overflow:(?:hidden|auto|scroll)/.test(css))
    return true
  const color = /(?:^|;)color:([^;!]+)/.exec(css)?.[1]
  return color !== undefined && color === /(?:^|;)background(?:-color)?:([^;!]+)/.exec(css)?.[1]
}

export class HiddenSpamCollector implements Collector<HiddenSpam> {
  readonly #links: string[] = []
  readonly #terms = new Set<string>()
  /** Depths at which something out of sight began. */
  readonly #hidden: number[] = []
  #depth = 0
  #read = 0
  #rest = ''

  onOpenTag(name: string, attributes: Attributes): void {
    this.#depth += 1
    if (isOutOfSight(attributes['style']) || (name === 'marquee' && /^[01]$/.test(attributes['height'] ?? '')))
      this.#hidden.push(this.#depth)
    const href = attributes['href']
    if (name !== 'a' || href === undefined || this.#hidden.length === 0 || this.#links.length >= linksMax) return
    const url = URL.parse(href.trim().replace(/^\/\//, 'https://'))
    if (url && /^https?:$/.test(url.protocol)) this.#links.push(ownerOf(url.hostname))
  }

  onCloseTag(): void {
    if (this.#hidden.at(-1) === this.#depth) this.#hidden.pop()
    this.#depth -= 1
  }

  onTitle(text: string): void {
    this.#look(` ${text} `)
  }

  onText(text: string): void {
    if (this.#read > textLengthMax) return
    this.#read += text.length
    const window = this.#rest + text
    if (window.length < 4_096) this.#rest = window
    else {
      this.#look(window)
      this.#rest = window.slice(-overlap)
    }
  }

  facts(): HiddenSpam {
    this.#look(this.#rest)
    this.#rest = ''
    return { hiddenLinks: this.#links, terms: [...this.#terms].slice(0, termsMax) }
  }

  #look(text: string): void {
    for (const term of spamTermsIn(text)) this.#terms.add(term)
  }
}

/** The same of a page that is held as text. */
export function hiddenSpam(html: string): HiddenSpam {
  const walk = walkHtml<{ spam: HiddenSpam }>({ spam: new HiddenSpamCollector() })
  walk.write(html)
  return walk.end().spam
}
