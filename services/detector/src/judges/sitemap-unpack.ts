import { isUtf8 } from 'node:buffer'
import { constants, gunzipSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'

export interface Unpacked {
  readonly bytes: Buffer
  /** `cut`: there is more than the limit. `broken`: the archive ends early or is damaged; what came before is here. */
  readonly state: 'whole' | 'cut' | 'broken'
}

/** An archive that a server packs once more is seen in the wild; three are a joke. */
const packedTwice = 2
/** Each try unpacks half as much, so that an archive of a thousand times its size is still read in part. */
const triesMax = 12

/** As much of an archive as fits the limit; anything else as it is. */
export function unpack(bytes: Buffer, bytesMax: number): Unpacked {
  let unpacked: Unpacked = { bytes, state: 'whole' }
  for (let level = 0; level < packedTwice && unpacked.bytes[0] === 0x1f && unpacked.bytes[1] === 0x8b; level += 1) {
    const inner = gunzip(unpacked.bytes, bytesMax)
    unpacked = inner.state === 'whole' ? { ...inner, state: unpacked.state } : inner
  }
  return unpacked.bytes.length > bytesMax ? { bytes: unpacked.bytes.subarray(0, bytesMax), state: 'cut' } : unpacked
}

function gunzip(bytes: Buffer, bytesMax: number): Unpacked {
  let state: Unpacked['state'] = 'whole'
  let length = bytes.length
  for (let tries = 0; tries < triesMax && length > 0; tries += 1) {
    const part = bytes.subarray(0, length)
    const result = attempt(part, bytesMax, state === 'whole')
    if (Buffer.isBuffer(result)) return { bytes: result, state }
    if (result !== 'large' && length === bytes.length) {
      const end = endOfArchive(bytes, bytesMax)
      const proper = end === null ? null : attempt(bytes.subarray(0, end), bytesMax, true)
      if (Buffer.isBuffer(proper)) return { bytes: proper, state }
    }
    // An archive that ends too early gives all that it has; one that is damaged or too large gives a part of it.
    if (result === 'ended') {
      const rest = attempt(part, bytesMax, false)
      if (Buffer.isBuffer(rest)) return { bytes: rest, state: 'broken' }
    }
    state = result === 'large' ? 'cut' : 'broken'
    length = Math.floor(length / 2)
  }
  return { bytes: Buffer.alloc(0), state: 'broken' }
}

function attempt(bytes: Buffer, bytesMax: number, mustEnd: boolean): Buffer | 'large' | 'ended' | 'damaged' {
  try {
    return gunzipSync(bytes, {
      maxOutputLength: bytesMax + 1,
      finishFlush: mustEnd ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    })
  } catch (error) {
    const code = codeOf(error)
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'large' : code === 'Z_BUF_ERROR' ? 'ended' : 'damaged'
  }
}

/** Archives in one file that are looked through for its end. */
const membersMax = 100

/** Where noise begins that a server has put behind an archive, often no more than an empty line; null when that is not the fault. */
function endOfArchive(bytes: Buffer, bytesMax: number): number | null {
  let at = 0
  // All together: each alone may be within the limit.
  let left = bytesMax
  for (let member = 0; member < membersMax && bytes[at] === 0x1f && bytes[at + 1] === 0x8b; member += 1) {
    const start = at + headerLength(bytes.subarray(at))
    const stream = streamAt(bytes.subarray(start), left)
    if (stream === null || stream.unpacked > left) return null
    left -= stream.unpacked
    // A checksum and the size follow.
    at = start + stream.packed + 8
  }
  return at > 0 && at < bytes.length && bytes[at] !== 0x1f ? at : null
}

/** RFC 1952 §2.3. */
function headerLength(bytes: Buffer): number {
  const flags = bytes[3] ?? 0
  let length = 10
  if ((flags & 4) !== 0) length += 2 + (bytes[length] ?? 0) + 256 * (bytes[length + 1] ?? 0)
  for (const text of [8, 16]) {
    const end = (flags & text) === 0 ? -1 : bytes.indexOf(0, length)
    if (end >= 0) length = end + 1
  }
  return (flags & 2) === 0 ? length : length + 2
}

const Inflated = z.object({ buffer: z.instanceof(Buffer), engine: z.object({ bytesWritten: z.number() }) })

/** How long the stream at their beginning is; null when it is damaged, not complete or too large. */
function streamAt(bytes: Buffer, bytesMax: number): { packed: number; unpacked: number } | null {
  try {
    const read = Inflated.safeParse(inflateRawSync(bytes, { info: true, maxOutputLength: bytesMax + 1 }))
    return read.success ? { packed: read.data.engine.bytesWritten, unpacked: read.data.buffer.length } : null
  } catch (error) {
    if (typeof codeOf(error) === 'string') return null
    throw error
  }
}

/** By its byte order mark, else as it looks, else as it says, else UTF-8; what is UTF-8 by no means is taken for Windows-1252. */
export function decodeXml(bytes: Buffer): string {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe) return decodeAs('utf-16le', bytes)
  if (first === 0xfe && second === 0xff) return decodeAs('utf-16be', bytes)
  // Two ASCII characters: a tag, a blank line or the beginning of an address.
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return decodeAs('utf-16le', bytes)
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return decodeAs('utf-16be', bytes)
  if (first === 0xef && second === 0xbb && third === 0xbf) return decodeAs('utf-8', bytes)
  const head = bytes.subarray(0, 1_000).toString('latin1')
  const declared = /^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']\s*([\w.:-]{1,40})/i.exec(head)?.[1]?.toLowerCase()
  // Whoever could read "UTF-16" in single bytes knows that it is not true. Of UTF-8 it is often said and seldom checked.
  if (declared !== undefined && !/^(utf-?(8|16)|ucs-?2|iso-10646-ucs)/.test(declared)) return decodeAs(declared, bytes)
  return decodeAs(isUtf8(withoutCutCharacter(bytes)) ? 'utf-8' : 'windows-1252', bytes)
}

/** What was cut off at a limit may end in the middle of a character. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let end = bytes.length - 1; end >= 0 && end > bytes.length - 4; end -= 1)
    if ((bytes[end] ?? 0) >= 0xc0) return bytes.subarray(0, end)
  return bytes
}

/** A charset that nobody knows is read as UTF-8: addresses are ASCII anyway. */
function decodeAs(label: string, bytes: Buffer): string {
  try {
    return new TextDecoder(label).decode(bytes)
  } catch (error) {
    if (codeOf(error) === 'ERR_ENCODING_NOT_SUPPORTED') return new TextDecoder('utf-8').decode(bytes)
    throw error
  }
}

const codeOf = (error: unknown): unknown => (typeof error === 'object' && error !== null && 'code' in error ? error.code : null)
