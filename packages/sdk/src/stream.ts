import type { EventName, OrgEvent } from '@tocsin/contract/events/catalog'
import { Connection } from './connection.ts'
import type { EventOf, Stream, StreamLimits, StreamOptions } from './stream-types.ts'

export const streamLimits: StreamLimits = {
  connectMs: 10_000,
  backoffFirstMs: 1_000,
  backoffMaxMs: 15_000,
  pollEveryMs: 30_000,
  failuresMax: 3,
  climbFirstMs: 60_000,
  climbMaxMs: 10 * 60_000,
}

/** Every durable event of the org once, in order and without a hole, from `after` on, until `close`. */
export function connect(options: StreamOptions, limits: StreamLimits = streamLimits): Stream {
  const connection = new Connection(options, limits)
  connection.open()
  return {
    on: (type, handler) =>
      connection.onAny((event) => {
        if (event.type === type) handler(ofType(event))
      }),
    onAny: (handler) => connection.onAny(handler),
    onReset: (handler) => connection.onReset(handler),
    onStatus: (handler) => connection.onStatus(handler),
    get status() {
      return connection.status
    },
    get error() {
      return connection.error
    },
    get seq() {
      return connection.seq
    },
    reconnect: () => connection.reconnect(),
    close: () => connection.close(),
  }
}

/** The caller has just compared the type, which TypeScript cannot follow through a type parameter. */
function ofType<Type extends EventName>(event: OrgEvent): EventOf<Type> {
  return event as EventOf<Type>
}
