import { createHtmlReader, type HtmlReaderOptions, type HtmlSignals } from '../judges/html-signals.ts'

/** Takes a page's bytes as they arrive and hands on what its HTML says; nothing but the beginning is kept. */
export interface Extractor {
  write(chunk: Buffer): void
  end(): HtmlSignals
  /** Enough of the page to recognise a wall against bots. */
  beginning(): string
}

const beginningLength = 8 * 1024

export function createExtractor(contentType: string | null, options: HtmlReaderOptions): Extractor {
  const reader = createHtmlReader(options)
  let decoder: TextDecoder | null = null
  let beginning = ''
  const take = (text: string) => {
    if (beginning.length < beginningLength) beginning += text.slice(0, beginningLength - beginning.length)
    reader.write(text)
  }
  return {
    write(chunk) {
      decoder ??= decoderFor(contentType, chunk)
      take(decoder.decode(chunk, { stream: true }))
    },
    end() {
      if (decoder) take(decoder.decode())
      return reader.end()
    },
    beginning: () => beginning,
  }
}

/** By byte order mark, header, then a meta tag near the top, as browsers do. What nobody knows is read as UTF-8. */
function decoderFor(contentType: string | null, first: Buffer): TextDecoder {
  if (first[0] === 0xff && first[1] === 0xfe) return new TextDecoder('utf-16le')
  if (first[0] === 0xfe && first[1] === 0xff) return new TextDecoder('utf-16be')
  const named =
    /charset\s*=\s*["']?([\w-]+)/i.exec(contentType ?? '')?.[1] ??
    /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(first.subarray(0, 1024).toString('latin1'))?.[1]
  if (named === undefined || /^utf-?8$/i.test(named)) return new TextDecoder()
  try {
    return new TextDecoder(named)
  } catch {
    // A charset that nobody has heard of.
    return new TextDecoder()
  }
}

export const isHtml = (contentType: string | null): boolean =>
  contentType === null || /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType) || contentType.trim() === ''
