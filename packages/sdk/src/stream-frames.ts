import { ApiError, errorOfResponse } from './api-error.ts'
import { createSseParser, type SseFrame } from './sse-parser.ts'

export interface FrameStream {
  frames: AsyncGenerator<SseFrame>
  /** What the server last asked for with `retry:`. */
  retryMs(): number | null
  /** From now on the stream is given up after this long without a byte. */
  expectWithin(ms: number): void
}

/**
 * Opens a stream of Server-Sent Events with fetch, which unlike EventSource can send headers and sees the status. Throws an ApiError when the
 * answer is not a stream; the frames throw when it breaks off or falls silent.
 */
export async function openFrames(request: {
  fetch: typeof fetch
  url: string
  token: string
  signal: AbortSignal
  silenceMs: number
}): Promise<FrameStream> {
  const watchdog = createWatchdog(request.silenceMs)
  const signal = AbortSignal.any([request.signal, watchdog.signal])
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${request.token}` }
  const response = await request.fetch(request.url, { headers, signal, cache: 'no-store' }).catch((cause: unknown) => {
    watchdog.stop()
    throw new ApiError(watchdog.signal.aborted ? 'timeout' : 'unreachable', 'The stream cannot be reached.', { cause })
  })
  if (!response.ok || !response.body || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
    watchdog.stop()
    if (!response.ok) throw await errorOfResponse(response)
    await response.body?.cancel()
    throw new ApiError('unreadable', 'The answer is not a stream.', { status: response.status })
  }
  const parser = createSseParser()
  return {
    frames: readFrames(response.body, parser, watchdog),
    retryMs: () => parser.retryMs,
    expectWithin: (ms) => watchdog.expectWithin(ms),
  }
}

async function* readFrames(body: ReadableStream<Uint8Array>, parser: ReturnType<typeof createSseParser>, watchdog: Watchdog) {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      watchdog.pet()
      yield* parser.push(decoder.decode(value, { stream: true }))
    }
  } finally {
    watchdog.stop()
    // Whoever stops reading early lets go of the connection; on one that has already failed there is nothing left to let go.
    await reader.cancel().catch(() => undefined)
  }
}

interface Watchdog {
  signal: AbortSignal
  pet(): void
  expectWithin(ms: number): void
  stop(): void
}

function createWatchdog(firstMs: number): Watchdog {
  const controller = new AbortController()
  let limitMs = firstMs
  let timer = setTimeout(bark, limitMs)
  function bark() {
    controller.abort(new Error(`Nothing was heard for ${limitMs} ms.`))
  }
  function pet() {
    clearTimeout(timer)
    timer = setTimeout(bark, limitMs)
  }
  return {
    signal: controller.signal,
    pet,
    expectWithin(ms) {
      limitMs = ms
      pet()
    },
    stop: () => clearTimeout(timer),
  }
}
