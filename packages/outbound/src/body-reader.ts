import type { Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'

export interface BodyReader {
  /** False when the sender has to wait for `onDrain`. */
  write(chunk: Buffer): boolean
  /** Resolves when everything written has been delivered. */
  end(): Promise<void>
  destroy(): void
}

export interface BodySink {
  /** Of the decompressed body. */
  readonly bytesMax: number
  readonly onChunk: (chunk: Buffer) => void
  /** The limit is reached: nothing more is delivered. */
  readonly onCut: () => void
  readonly onDrain: () => void
  readonly onError: (error: Error) => void
}

/** Delivers a body decompressed, up to its limit. The limit counts what comes out, so that a small bomb cannot become a big one here. */
export function createBodyReader(contentEncoding: string, sink: BodySink): BodyReader {
  const encoding = contentEncoding.trim().toLowerCase()
  let delivered = 0
  let isCut = false
  const deliver = (chunk: Buffer) => {
    if (isCut) return
    const rest = sink.bytesMax - delivered
    delivered += Math.min(rest, chunk.length)
    if (rest > 0) sink.onChunk(chunk.length > rest ? chunk.subarray(0, rest) : chunk)
    if (chunk.length > rest) {
      isCut = true
      sink.onCut()
    }
  }
  if (encoding === '' || encoding === 'identity') return plainReader(deliver)
  return compressedReader(encoding, deliver, sink)
}

function plainReader(deliver: (chunk: Buffer) => void): BodyReader {
  return {
    write(chunk) {
      deliver(chunk)
      return true
    },
    end: () => Promise.resolve(),
    destroy() {},
  }
}

function compressedReader(encoding: string, deliver: (chunk: Buffer) => void, sink: BodySink): BodyReader {
  let stream: Transform | null = null
  const finished = Promise.withResolvers<void>()
  // Made at the first chunk: an empty body is no broken archive, and the first byte tells the two kinds of deflate apart.
  const start = (first: Buffer): Transform => {
    const opened = createDecompressor(encoding, first)
    opened.on('data', deliver)
    opened.on('drain', sink.onDrain)
    opened.on('end', () => finished.resolve())
    opened.on('error', (error) => {
      sink.onError(error)
      finished.resolve()
    })
    opened.on('close', () => finished.resolve())
    return opened
  }
  return {
    write(chunk) {
      stream ??= start(chunk)
      return stream.write(chunk)
    },
    async end() {
      if (!stream) return
      stream.end()
      await finished.promise
    },
    destroy() {
      stream?.destroy()
    },
  }
}

/** A body that ends too early is delivered as far as it goes, as browsers do. */
function createDecompressor(encoding: string, first: Buffer): Transform {
  const lenient = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(lenient)
    case 'br':
      return createBrotliDecompress({
        flush: constants.BROTLI_OPERATION_FLUSH,
        finishFlush: constants.BROTLI_OPERATION_FLUSH,
      })
    default:
      // "deflate" is zlib by the standard and raw by tradition; a zlib header has 8 in its low four bits.
      return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate(lenient) : createInflateRaw(lenient)
  }
}

export const knownEncodings = new Set(['', 'identity', 'gzip', 'x-gzip', 'br', 'deflate'])
