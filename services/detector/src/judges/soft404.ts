import type { Attributes, Collector } from './collector.ts'

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

/** No page that exists is called like this: the whole title, but for the name of the site before or after it. */
const notFound =
  /^(error\s*[:-]?\s*)?(404|410)(\s*[-:–|.,]?\s*(error|page|file|not found|page not found))*$|^(error\s*[:-]?\s*)?(404|410)\b.{0,30}\bnot found\b|\b(page|file|site|url|product|article|content|item|post|document)\b.{0,20}\b(not|cannot|can't|could not|couldn't|can’t|couldn’t)( be)? found\b|^(sorry,? )?(nothing|not) found\b|\b(page|product|article|item|content)\b.{0,12}\b(does not|doesn't|doesn’t|no longer) exists?\b|\bpage (is )?(missing|unavailable)\b|(seite|artikel|produkt|inhalt).{0,20}nicht (gefunden|vorhanden|verfügbar)|\bpage (non trouvée|introuvable)|\bcette page n.{1,2}existe|\bpágina no (encontrada|existe)|\bno se encontró la página|\bpágina não (encontrada|existe)|\bpagina non (trovata|esiste)|\bpagina niet gevonden|\bnie znaleziono strony|\bstrona nie (została znaleziona|istnieje)|страница не найдена|сторінку не знайдено|\bsidan (hittades inte|finns inte|kunde inte hittas)|\bsiden (blev|ble) ikke fundet|\bsiden finnes ikke|\bsivua ei löyt|\bsayfa bulunamadı|ページが見つかりません|お探しのページ|页面(不存在|未找到)|找不到(页面|网页|網頁|頁面)|페이지를 찾을 수 없/i

/** Somebody may write about such errors: what is long is a headline. */
const titleLengthMax = 90

export function saysNotFound(text: string | null): boolean {
  if (text === null) return false
  // The name of the site stands beside the title, behind a separator.
  return [text, ...text.split(/\s+[|–—·»:-]\s+/)].some(
    (part) => part.trim().length <= titleLengthMax && isErrorTitle(part.trim()),
  )
}

/** "How to fix a 404 not found error" is about the error. */
const aboutErrors =
  /\b(how to|fix(ing|es)?|guide|tutorial|what (is|are|does)|why|best|examples?|handling|customi[sz]e|create|design)\b/i
const isErrorTitle = (text: string): boolean => notFound.test(text) && !aboutErrors.test(text)

/** Marks that frameworks and content systems give to their error pages only. */
const pageClass =
  /^(error-?404|error404|is-404|page-?404|template-404|not-?found-page|page-not-?found|http-404|error-page-404|next-error-h1)$/i
/** A part of a page may be there, hidden, for when something else is not found. */
const partClass = /^(error-?404|page-not-?found|error-page-404)$/i
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
