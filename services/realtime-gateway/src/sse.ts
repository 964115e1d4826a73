import type { Envelope } from '@tocsin/contract/event'

/** The bytes of Server-Sent Events. */

/** One event, encoded once for all its viewers. Without a seq it has no id: nobody resumes from it. */
export function eventFrame(event: Envelope): Buffer {
  return frame(event.type, event, event.seq)
}

/** The id is where the stream begins: a browser that is cut before the first event resumes from here. */
export function connectedFrame(
  data: { connectionId: string; orgId: string; seq: number; heartbeatMs: number },
  retryMs: number,
): Buffer {
  return Buffer.concat([Buffer.from(`retry: ${retryMs}\n`), frame('connected', data, data.seq)])
}

export type ResetReason = 'expired' | 'ahead' | 'overflow'

/** `seq`: where the stream goes on; null when it ends here and is resumed from the last id that was read. */
export function resetFrame(reason: ResetReason, seq: number | null): Buffer {
  return frame('reset', seq === null ? { reason } : { reason, seq }, seq)
}

export const heartbeatFrame = frame('heartbeat', {}, null)

export const tokenExpiringFrame = (expiresInSeconds: number): Buffer =>
  frame('token_expiring', { expiresIn: expiresInSeconds }, null)

/** JSON has no line breaks of its own, so the data is one line. */
function frame(type: string, data: unknown, id: number | null): Buffer {
  return Buffer.from(`event: ${type}\n${id === null ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`)
}

/** Browsers wait this long before they come back: spread, so that those who were cut together do not return together. */
export const retryMs = (random: () => number = Math.random): number => 1_000 + Math.floor(random() * 4_000)

export const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
} as const
