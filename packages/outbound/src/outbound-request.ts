import type { Fault } from './outbound-fault.ts'

/** Names in lower case; a header that came several times is a list. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>

export interface ResponseHead {
  readonly status: number
  readonly headers: ResponseHeaders
}

export interface OutboundRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Connecting, waiting and reading together. */
  readonly totalTimeoutMs: number
  /** Of the decompressed body. What is longer is cut there, and the connection closed. */
  readonly maxBytes: number
  readonly signal?: AbortSignal
  /** On a connection of its own, opened now and closed at the end. */
  readonly fresh?: boolean
  /** Called before the body; may lower its limit. */
  readonly onHead?: (head: ResponseHead) => { readonly maxBytes: number }
  /** Takes the body piece by piece; the answer's `body` is then empty. */
  readonly onBody?: (chunk: Buffer) => void
}

export interface Timings {
  readonly firstByteMs: number
  readonly totalMs: number
}

export type OutboundAnswer =
  | (ResponseHead & {
      readonly ok: true
      readonly body: Buffer
      readonly bytes: number
      readonly truncated: boolean
      readonly timings: Timings
      /** Exact on a fresh connection, else the address last connected to. */
      readonly remoteAddress: string | null
    })
  | (Fault & { readonly ok: false; readonly elapsedMs: number })
