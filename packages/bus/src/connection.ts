import { createRequire } from 'node:module'
import { backoffMs } from '@tocsin/process/backoff'
import type { Log } from '@tocsin/process/log'

export type Connection = ReturnType<typeof connection>

/** The client is six hundred modules and 10 MB: only who has a Redis loads them. */
const load = createRequire(import.meta.url)

/** Longer than a ping interval: a peer that vanished without a FIN is noticed within this. */
const socketMs = 15_000
/** A Redis that does not answer must not hold up whoever changed something. */
const answerMsMax = 1_000
/** For what is under way when we close. */
const closeMsMax = 500

/** Connects, and connects again, for as long as it is not closed. */
export function openConnection(url: string, log: Log, name: string, options: { disableOfflineQueue?: boolean } = {}): Connection {
  const opened = connection(url, { ...options, reconnect: (failures) => backoffMs(failures, { firstMs: 50, maxMs: 2_000 }) })
  const note = (error: unknown) => {
    if (opened.isOpen) log.warn({ err: error, connection: name }, 'The Redis connection is troubled.')
  }
  opened.on('error', note)
  opened.connect().catch(note)
  return opened
}

/** Without a `reconnect` it ends with its socket. */
export function connection(
  url: string,
  options: { reconnect: ((failures: number) => number) | null; disableOfflineQueue?: boolean },
) {
  const { reconnect, ...more } = options
  // What a name stands for is known to the compiler only where it is imported.
  const { createClient } = load('redis') as typeof import('redis')
  return createClient({
    url,
    ...more,
    pingInterval: 5_000,
    socket: {
      connectTimeout: 2_000,
      socketTimeout: socketMs,
      reconnectStrategy: reconnect ? (retries: number) => reconnect(retries + 1) : false,
    },
  })
}

/** One who changes something may wait for a Redis that hangs; not everybody, and not what we hold in memory for it. */
export function createPatience() {
  let unanswered = 0
  return {
    answering: () => unanswered === 0,
    async ask<Answer>(command: () => Promise<Answer>): Promise<Answer> {
      if (unanswered > 0) throw new Error('Redis does not answer.')
      const answer = command()
      return await withinTime(answer, answerMsMax, () => {
        unanswered += 1
        // It is answered when Redis goes on, and rejected when the connection is given up.
        const settled = () => (unanswered -= 1)
        answer.then(settled, settled)
      })
    },
  }
}

/** What has been sent gets its answer, unless the other side is in trouble. */
export async function closeConnection(each: Connection): Promise<void> {
  // Rejects when time is up, and never otherwise; destroying then ends what is left.
  if (each.isReady) await withinTime(each.close(), closeMsMax).catch(() => each.destroy())
  else each.destroy()
}

async function withinTime<Result>(work: Promise<Result>, msMax: number, onLate = () => {}): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onLate()
      reject(new Error(`Redis did not answer within ${msMax} ms.`))
    }, msMax)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
