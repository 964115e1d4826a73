import type { Dispatcher } from 'undici'
import { type BodyReader, createBodyReader, knownEncodings } from './body-reader.ts'
import { type Fault, faultOf } from './outbound-fault.ts'
import type { OutboundAnswer, OutboundRequest, ResponseHead, ResponseHeaders } from './outbound-request.ts'

export type Exchanged = OutboundAnswer & {
  /** True when the failure came before any byte of an answer. */
  readonly beforeHead: boolean
}

/** One request on a dispatcher and its answer, under one deadline that covers connecting, waiting and reading. */
export function exchange(
  dispatcher: Dispatcher,
  url: URL,
  request: OutboundRequest,
  remoteAddress: () => string | null,
): Promise<Exchanged> {
  const attempt = new Exchange(request, remoteAddress)
  attempt.start(dispatcher, url)
  return attempt.answer
}

/** Settles once; whatever the connection still says after that is ignored, and the connection is cut. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<Exchanged>
  readonly #request: OutboundRequest
  readonly #remoteAddress: () => string | null
  readonly #resolve: (answer: Exchanged) => void
  readonly #startedAt = performance.now()
  readonly #chunks: Buffer[] = []
  #timer: NodeJS.Timeout | null = null
  #head: ResponseHead | null = null
  #reader: BodyReader | null = null
  #controller: Dispatcher.DispatchController | null = null
  #firstByteMs = 0
  #bytes = 0
  #settled = false

  constructor(request: OutboundRequest, remoteAddress: () => string | null) {
    const { promise, resolve } = Promise.withResolvers<Exchanged>()
    this.answer = promise
    this.#resolve = resolve
    this.#request = request
    this.#remoteAddress = remoteAddress
  }

  start(dispatcher: Dispatcher, url: URL): void {
    const { totalTimeoutMs, signal, method, headers, body } = this.#request
    if (signal?.aborted) {
      this.#onAbort()
      return
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    this.#timer = setTimeout(
      () => this.#fail({ fault: 'timeout', detail: `No complete answer within ${totalTimeoutMs} ms` }),
      totalTimeoutMs,
    )
    try {
      dispatcher.dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: method ?? 'GET',
          headers: { 'accept-encoding': 'gzip, br, deflate', ...headers },
          body: body ?? null,
        },
        this,
      )
    } catch (error) {
      // A header or path that HTTP cannot carry.
      this.#fail(faultOf(error))
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // The deadline may have passed while the connection was being made.
    if (this.#settled) controller.abort(new Error('No longer wanted'))
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (this.#settled || status < 200) return
    this.#firstByteMs = performance.now() - this.#startedAt
    this.#head = { status, headers }
    const encoding = String(headers['content-encoding'] ?? '')
      .trim()
      .toLowerCase()
    if (!knownEncodings.has(encoding)) {
      this.#fail({ fault: 'protocol', detail: `Unknown content-encoding ${encoding.slice(0, 40)}` })
      return
    }
    const { maxBytes } = this.#request.onHead?.(this.#head) ?? this.#request
    this.#reader = createBodyReader(encoding, {
      bytesMax: Math.min(maxBytes, this.#request.maxBytes),
      onChunk: (chunk) => this.#take(chunk),
      onCut: () => {
        this.#succeed(true)
        this.#cutConnection('The body is longer than wanted')
      },
      onDrain: () => this.#controller?.resume(),
      onError: (error) => this.#fail({ fault: 'protocol', detail: `Broken ${encoding} body: ${error.message}` }),
    })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#settled && this.#reader && !this.#reader.write(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    void this.#reader?.end().then(() => this.#succeed(false))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(faultOf(error))
  }

  #take(chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#request.onBody) this.#request.onBody(chunk)
    else this.#chunks.push(chunk)
  }

  #succeed(truncated: boolean): void {
    if (!this.#head) return
    this.#settle({
      ok: true,
      ...this.#head,
      body: Buffer.concat(this.#chunks),
      bytes: this.#bytes,
      truncated,
      timings: { firstByteMs: this.#firstByteMs, totalMs: this.#elapsedMs() },
      remoteAddress: this.#remoteAddress(),
      beforeHead: false,
    })
  }

  #fail(fault: Fault): void {
    if (this.#settled) return
    this.#settle({ ok: false, ...fault, elapsedMs: this.#elapsedMs(), beforeHead: this.#head === null })
    this.#cutConnection(fault.detail)
  }

  #settle(answer: Exchanged): void {
    if (this.#settled) return
    this.#settled = true
    if (this.#timer) clearTimeout(this.#timer)
    this.#request.signal?.removeEventListener('abort', this.#onAbort)
    this.#resolve(answer)
  }

  #cutConnection(reason: string): void {
    this.#reader?.destroy()
    this.#controller?.abort(new Error(reason))
  }

  readonly #onAbort = (): void => this.#fail({ fault: 'aborted', detail: 'Cancelled' })

  readonly #elapsedMs = (): number => Math.round(performance.now() - this.#startedAt)
}
