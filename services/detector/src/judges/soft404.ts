import type { Attributes, Collector } from './collector.ts'
import { saysNotFound } from './not-found-title.ts'

/** What a page that answers 200 shows of itself. */
export interface Soft404Facts {
  readonly title: string | null
  readonly h1: string | null
  /** The mark of an error template, as it stands in the page; null if there is none. */
  readonly errorShell: string | null
  /** How like it is to what the site answers for an address that does not exist, 0–1; null: not known, or it proves nothing. */
  readonly likeness: number | null
  readonly noindex: boolean
  readonly words: number | null
}

export interface Soft404Limits {
  readonly signalsMin: number
  readonly similarityMin: number
  readonly wordsMin: number
}

export type Soft404Signal = 'title' | 'heading' | 'error_shell' | 'like_missing' | 'noindex' | 'few_words'
const strong: ReadonlySet<Soft404Signal> = new Set(['title', 'heading', 'error_shell', 'like_missing'])

/** The signs of an error page, the strong ones first. */
export function soft404Signals(facts: Soft404Facts, limits: Soft404Limits): Soft404Signal[] {
  const signals: Soft404Signal[] = []
  if (saysNotFound(facts.title)) signals.push('title')
  if (saysNotFound(facts.h1)) signals.push('heading')
  if (facts.errorShell !== null) signals.push('error_shell')
  if (facts.likeness !== null && facts.likeness >= limits.similarityMin) signals.push('like_missing')
  if (facts.noindex) signals.push('noindex')
  if (facts.words !== null && facts.words < limits.wordsMin) signals.push('few_words')
  return signals
}

/** Enough signs, one of them strong. A title and a heading that say the same are one sign: templates write both from one text. */
export function isSoft404(signals: readonly Soft404Signal[], { signalsMin }: Soft404Limits): boolean {
  const independent = signals.filter((signal) => signal !== 'heading' || !signals.includes('title'))
  return independent.length >= signalsMin && signals.some((signal) => strong.has(signal))
}

/** Marks that frameworks and content systems give to their error pages only. */
const pageClass =
  /^(error-?404|is-404|page-?404|template-404|not-?found-page|page-?not-?found|http-404|error-page-404|next-error-h1|cms-no-?route(-index)?)$/i
/** A part of a page may be there, hidden, for when something else is not found. */
const partClass = /^(error-?404|page-?not-?found|error-page-404|error-not-found)$/i
const shellScript =
  /"page"\s*:\s*"\/(404|_error)"|"pageProps"\s*:\s*\{\s*"statusCode"\s*:\s*404\b|NEXT_NOT_FOUND|NEXT_HTTP_ERROR_FALLBACK;404/
const classOf: Readonly<Record<string, RegExp>> = {
  html: pageClass,
  body: pageClass,
  main: pageClass,
  h1: pageClass,
  article: partClass,
  section: partClass,
  div: partClass,
}
const markedTags = new Set(['meta', ...Object.keys(classOf)])
const markLengthMax = 100

/** Finds the mark of an error template. */
export class ErrorShellCollector implements Collector<string | null> {
  readonly tags = markedTags
  #found: string | null = null

  onOpenTag(name: string, attributes: Attributes): void {
    if (this.#found !== null) return
    if (name === 'meta') {
      const isStatus = attributes['name']?.toLowerCase() === 'prerender-status-code'
      if (isStatus && /^\s*(404|410)\s*$/.test(attributes['content'] ?? '')) this.#found = 'meta prerender-status-code'
      return
    }
    const known = classOf[name]
    if (!known || 'hidden' in attributes) return
    const marks = `${attributes['class'] ?? ''} ${attributes['id'] ?? ''}`.slice(0, 1_000).split(/\s+/)
    const mark = marks.find((each) => known.test(each))
    if (mark !== undefined) this.#found = `${name} ${mark}`.slice(0, markLengthMax)
  }

  onInline(kind: 'script' | 'style', text: string): void {
    if (this.#found !== null || kind !== 'script') return
    this.#found = shellScript.exec(text)?.[0].slice(0, markLengthMax) ?? null
  }

  facts(): string | null {
    return this.#found
  }
}
