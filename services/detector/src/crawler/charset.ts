import { isAscii, isUtf8 } from 'node:buffer'
import { errorCode } from '@tocsin/process/error-code'

/** Turns the bytes of a page into text as they arrive, in the charset that browsers would take it for. */
export interface PageDecoder {
  /** May hold bytes back until it is clear how to read them. */
  write(chunk: Buffer): string
  end(): string
}

/** As far as browsers look for a meta tag. */
const prescanBytes = 1_024

/**
 * By byte order mark, header, meta tag or XML declaration, in this order (HTML §13.2.3.2). What nobody declared is UTF-8 if its first
 * bytes beyond ASCII are, else windows-1252.
 */
export function createPageDecoder(contentType: string | null): PageDecoder {
  let held: Buffer = Buffer.alloc(0)
  let decode: ((chunk: Buffer, isLast: boolean) => string) | null = null
  const choose = (): ((chunk: Buffer, isLast: boolean) => string) => {
    const declared =
      byteOrderMark(held) ?? knownCharset(charsetOfHeader(contentType)) ?? charsetOfMarkup(held.subarray(0, prescanBytes))
    return declared === null ? createSniffer() : decoderOf(declared)
  }
  return {
    write(chunk) {
      if (decode) return decode(chunk, false)
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      // A header decides at once, but for a byte order mark, which is three bytes long.
      if (held.length < (knownCharset(charsetOfHeader(contentType)) === null ? prescanBytes : 3)) return ''
      decode = choose()
      const bytes = held
      held = Buffer.alloc(0)
      return decode(bytes, false)
    },
    end() {
      decode ??= choose()
      return decode(held, true)
    },
  }
}

function decoderOf(charset: string): (chunk: Buffer, isLast: boolean) => string {
  const decoder = new TextDecoder(charset)
  return (chunk, isLast) => decoder.decode(chunk, { stream: !isLast })
}

/** Whatever is ASCII may be read before it is known what the rest is. */
function createSniffer(): (chunk: Buffer, isLast: boolean) => string {
  let rest: Buffer = Buffer.alloc(0)
  let decode: ((chunk: Buffer, isLast: boolean) => string) | null = null
  return (chunk, isLast) => {
    if (decode) return decode(chunk, isLast)
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    rest = Buffer.alloc(0)
    if (isAscii(bytes)) return bytes.toString('latin1')
    const whole = isLast ? bytes.length : wholeCharacters(bytes)
    const clear = bytes.subarray(0, whole)
    if (!isLast && isAscii(clear)) {
      // All that is beyond ASCII is the beginning of one character: the next bytes will tell.
      rest = Buffer.from(bytes.subarray(whole))
      return clear.toString('latin1')
    }
    decode = decoderOf(isUtf8(clear) ? 'utf-8' : 'windows-1252')
    return decode(bytes, isLast)
  }
}

/** The length without a character of UTF-8 that is cut off at the end. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) break
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

function byteOrderMark(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : null
}

const charsetOfHeader = (contentType: string | null): string | undefined =>
  /charset\s{0,10}=\s{0,10}["']?([^\s"';,]{1,40})/i.exec(contentType ?? '')?.[1]

/** A charset that nobody has heard of is as good as none. */
function knownCharset(label: string | undefined): string | null {
  if (label === undefined) return null
  try {
    return new TextDecoder(label).encoding
  } catch (error) {
    if (errorCode(error) === 'ERR_ENCODING_NOT_SUPPORTED') return null
    throw error
  }
}

/** The first meta tag that names a known charset, as browsers look for it; then what an XML declaration says. */
function charsetOfMarkup(bytes: Buffer): string | null {
  const xml = xmlOfUtf16(bytes)
  if (xml !== null) return xml
  const text = bytes.toString('latin1').replace(/<!--.*?(?:-->|$)/gs, '')
  for (const [, tag = ''] of text.matchAll(/<meta[\s/]([^>]*)/gi)) {
    const charset = knownCharset(charsetOfMeta(tag))
    if (charset !== null) return inMarkup(charset)
  }
  const declared = knownCharset(/^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"'\s]{1,40})["']/.exec(text)?.[1])
  return declared === null ? null : inMarkup(declared)
}

/** Either the charset itself, or a content type that http-equiv says is one. */
function charsetOfMeta(tag: string): string | undefined {
  const attributes = new Map<string, string>()
  for (const [, name = '', quoted, single, bare] of tag.matchAll(/([^\s"'>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g))
    if (!attributes.has(name.toLowerCase())) attributes.set(name.toLowerCase(), (quoted ?? single ?? bare ?? '').trim())
  if (attributes.has('charset')) return attributes.get('charset')
  return attributes.get('http-equiv')?.toLowerCase() === 'content-type'
    ? charsetOfHeader(attributes.get('content') ?? null)
    : undefined
}

/** Who can be read as ASCII so far is not UTF-16, whatever it says of itself. */
const inMarkup = (charset: string): string => (charset.startsWith('utf-16') ? 'utf-8' : charset)

/** `<?x` in two bytes each, without a byte order mark. */
function xmlOfUtf16(bytes: Buffer): string | null {
  const start = bytes.subarray(0, 6).toString('latin1')
  return start === '<\0?\0x\0' ? 'utf-16le' : start === '\0<\0?\0x' ? 'utf-16be' : null
}
