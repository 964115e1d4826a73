import type { HtmlReaderOptions } from '../judges/html-signals.ts'
import { walkHtml } from '../judges/html-walk.ts'
import { createPageDecoder } from './charset.ts'
import { type HtmlFacts, pageCollectors } from './page-collectors.ts'

/** Takes a page's bytes as they arrive and hands on what its HTML says; nothing but the beginning is kept. */
export interface Extractor {
  write(chunk: Buffer): void
  end(): HtmlFacts
  /** Enough of the page to recognise a wall against bots. */
  beginning(): string
}

const beginningLength = 8 * 1024

export function createExtractor(contentType: string | null, options: HtmlReaderOptions): Extractor {
  const walk = walkHtml<HtmlFacts>(pageCollectors(options))
  const decoder = createPageDecoder(contentType)
  let beginning = ''
  const take = (text: string) => {
    if (beginning.length < beginningLength) beginning += text.slice(0, beginningLength - beginning.length)
    if (text !== '') walk.write(text)
  }
  return {
    write: (chunk) => take(decoder.write(chunk)),
    end() {
      take(decoder.end())
      return walk.end()
    },
    beginning: () => beginning,
  }
}

export const isHtml = (contentType: string | null): boolean =>
  contentType === null || /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType) || contentType.trim() === ''
