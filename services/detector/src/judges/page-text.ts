import { createHash } from 'node:crypto'
import type { Attributes, Collector, Place } from './collector.ts'
import { createTextSketcher } from './text-sketch.ts'
import { withoutVolatile } from './volatile.ts'

export interface PageText {
  /** Of the main text: without navigation, footer and asides. */
  readonly words: number
  readonly h1: string | null
  /** As the page says, in lower case: `de-at`. */
  readonly lang: string | null
  /** See text-sketch.ts. */
  readonly textSketch: string
  readonly hash: string
}

const h1LengthMax = 500
const langLengthMax = 40
/** A run of text without a tag that ends it is taken in pieces of this length, so that a page of one paragraph is not held. */
const runLengthMax = 4_096

const tagKinds = {
  /** Tags inside a word or sentence. All others end the word before them. */
  inline:
    'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr',
  /** Around the main text, the same on many pages. */
  beside: 'nav footer aside select datalist',
  /** Whatever was left open before one of these, here the main text begins. */
  main: 'main article h1',
} as const
const kindOfTag: ReadonlyMap<string, keyof typeof tagKinds> = new Map(
  (Object.keys(tagKinds) as (keyof typeof tagKinds)[]).flatMap((kind) => tagKinds[kind].split(' ').map((tag) => [tag, kind])),
)

/** What a reader would read: counted, sketched and hashed as it passes by. */
export class PageTextCollector implements Collector<PageText> {
  readonly #digest = createHash('sha256')
  readonly #sketcher = createTextSketcher((hashes) => this.#digest.update(hashes))
  #run = ''
  #h1: string | null = null
  #h1Text: string | null = null
  #lang: string | null = null
  /** Depth inside elements beside the main text. */
  #beside = 0

  onOpenTag(name: string, attributes: Attributes, place: Place): void {
    if (name === 'html' && this.#lang === null)
      this.#lang = attributes['lang']?.trim().toLowerCase().slice(0, langLengthMax) || null
    const kind = kindOfTag.get(name)
    if (place.isForeign || kind === 'inline') return
    this.#endRun()
    if (kind === 'beside') this.#beside += 1
    else if (kind === 'main') this.#beside = 0
    if (name === 'h1' && this.#h1 === null) this.#h1Text = ''
    // What stands on two lines is two words.
    else if (this.#h1Text !== null) this.#h1Text += ' '
  }

  onText(text: string, place: Place): void {
    if (place.isForeign) return
    if (this.#h1Text !== null && this.#h1Text.length < h1LengthMax) this.#h1Text += text
    if (this.#beside > 0) return
    let from = 0
    // Cut at the same places however the page arrives.
    for (let room = runLengthMax - this.#run.length; text.length - from >= room; room = runLengthMax) {
      this.#run += text.slice(from, from + room)
      from += room
      this.#endRun()
    }
    this.#run += from === 0 ? text : text.slice(from)
  }

  onCloseTag(name: string, place: Place): void {
    const kind = kindOfTag.get(name)
    if (place.isForeign || kind === 'inline') return
    this.#endRun()
    if (kind === 'beside') this.#beside = Math.max(0, this.#beside - 1)
    if (name === 'h1' && this.#h1Text !== null) this.#endH1()
  }

  facts(): PageText {
    this.#endRun()
    if (this.#h1Text !== null) this.#endH1()
    return {
      words: this.#sketcher.words,
      h1: this.#h1,
      lang: this.#lang,
      textSketch: this.#sketcher.sketch(),
      hash: this.#digest.digest('hex').slice(0, 16),
    }
  }

  #endH1(): void {
    this.#h1 = (this.#h1Text ?? '').replace(/\s+/g, ' ').trim().slice(0, h1LengthMax)
    this.#h1Text = null
  }

  #endRun(): void {
    if (this.#run === '') return
    this.#sketcher.add(withoutVolatile(this.#run))
    this.#run = ''
  }
}
