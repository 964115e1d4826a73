import type { Attributes, Collector, Place } from './collector.ts'
import { upgradesInsecure } from './content-security-policy.ts'
import { walkHtml } from './html-walk.ts'
import {
  type Holder,
  insecureInScript,
  insecureInStyle,
  insecurity,
  isModule,
  isStyleSheet,
  type Reference,
  referencesOf,
  referringTags,
  runs,
} from './page-references.ts'

/** A page that repeats a tag for ever must not fill the memory. */
const perKindMax = 50

/** A frame in a frame in a frame: browsers go on, but nobody writes a page like that. */
const framesDeepMax = 3

/** What a page loads or sends without being asked, as far as it may come over http. */
export class ReferenceCollector implements Collector<readonly Reference[]> {
  readonly #insecure = new Map<string, Reference>()
  readonly #byBase: Reference[] = []
  readonly #known = { insecure: new Map<string, number>(), by_base: new Map<string, number>() }
  readonly #frameDepth: number
  /** Whoever runs scripts loads nothing of what is in there. */
  #noscripts = 0
  /** The elements around, innermost last, in which sources and images mean something of their own. */
  readonly #holders: Holder[] = []
  /** From here on browsers load everything over https. What stands before is loaded before they know. */
  #upgrades = false
  #base: string | null = null

  constructor(frameDepth = 0) {
    this.#frameDepth = frameDepth
  }

  onOpenTag(name: string, attributes: Attributes, place: Place): void {
    // Most tags of a page say nothing here.
    if (attributes['style'] === undefined && !telling.has(name)) return
    if (name === 'noscript') this.#noscripts += 1
    if (this.#noscripts > 0 || this.#upgrades) return
    if (name === 'meta' && place.inHead && asksForUpgrade(attributes)) this.#upgrades = true
    if (name === 'base' && !place.isForeign) this.#base ??= attributes['href'] ?? null
    if (isHolder(name)) this.#holders.push({ tag: name, attributes })
    for (const each of referencesOf(name, attributes, place.isForeign, this.#holders.at(-1))) this.#add(each)
    if (name === 'iframe') this.#onFrame(attributes)
  }

  onCloseTag(name: string): void {
    if (this.#noscripts > 0) {
      if (name === 'noscript') this.#noscripts -= 1
    } else if (this.#holders.length > 0 && this.#holders.at(-1)?.tag === name) this.#holders.pop()
  }

  onInline(kind: 'script' | 'style', text: string, attributes: Attributes): void {
    if (this.#noscripts > 0 || this.#upgrades) return
    if (kind === 'style') {
      if (isStyleSheet(attributes)) for (const each of insecureInStyle(text)) this.#add(each)
    } else if (runs(attributes)) for (const each of insecureInScript(text, isModule(attributes))) this.#add(each)
  }

  /** A document written inside the page loads as the page does. */
  #onFrame({ src, srcdoc }: Attributes): void {
    const html = srcdoc ?? (src === undefined ? null : htmlOfData(src))
    if (html === null || this.#frameDepth >= framesDeepMax) return
    const frame = new ReferenceCollector(this.#frameDepth + 1)
    const walk = walkHtml({ frame })
    walk.write(html)
    for (const each of walk.end().frame) {
      const url = frame.#base === null ? each.url : (URL.parse(each.url, frame.#base)?.href ?? each.url)
      // What is written out in an address has none of its own, to which others would be relative.
      if (srcdoc !== undefined || insecurity(url) === 'insecure') this.#add({ ...each, url })
    }
  }

  #add(reference: Reference): void {
    const insecure = insecurity(reference.url)
    if (insecure === 'none') return
    // By kind, so that many images never hide a script.
    const perKind = this.#known[insecure]
    const known = perKind.get(reference.kind) ?? 0
    if (known >= perKindMax || (insecure === 'insecure' && this.#insecure.has(keyOf(reference)))) return
    perKind.set(reference.kind, known + 1)
    if (insecure === 'by_base') this.#byBase.push(reference)
    else this.#insecure.set(keyOf(reference), reference)
  }

  facts(): readonly Reference[] {
    const found = [...this.#insecure.values(), ...this.#byBase]
    // A form is sent when all is read.
    return this.#upgrades ? found.filter(({ kind }) => kind !== 'form') : found
  }
}

const telling: ReadonlySet<string> = new Set([...referringTags, 'noscript', 'meta', 'base', 'picture'])

const keyOf = ({ kind, url }: Reference): string => `${kind} ${url}`

const isHolder = (tag: string): tag is Holder['tag'] => tag === 'picture' || tag === 'video' || tag === 'audio'

const asksForUpgrade = (attributes: Attributes): boolean =>
  attributes['http-equiv']?.trim().toLowerCase() === 'content-security-policy' && upgradesInsecure(attributes['content'] ?? '')

/** Nobody writes a longer document into an address. */
const dataLengthMax = 64 * 1024

/** The document that an address holds itself. */
function htmlOfData(address: string): string | null {
  const [, parameters = '', data] = /^\s*data:text\/html((?:;[^,;]*)*),([^#]*)/i.exec(address.slice(0, dataLengthMax)) ?? []
  if (data === undefined) return null
  // As bytes: what matters here is ASCII.
  const text = data.replace(/%([0-9a-f]{2})/gi, (_escape, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
  return /;\s*base64\s*$/i.test(parameters) ? Buffer.from(text, 'base64').toString('latin1') : text
}
