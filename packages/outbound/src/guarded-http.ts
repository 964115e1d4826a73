import { exchange } from './exchange.ts'
import type { Cidr } from './guarded-address.ts'
import { createGuardedDispatcher, type GuardOptions } from './guarded-dispatcher.ts'
import { type Resolve, resolveBySystem } from './guarded-lookup.ts'
import type { OutboundAnswer, OutboundRequest } from './outbound-request.ts'

export interface Outbound {
  /** One exchange. Never follows a redirect and never throws for what the other side does. */
  request(url: string | URL, request: OutboundRequest): Promise<OutboundAnswer>
  close(): Promise<void>
}

export interface OutboundOptions {
  readonly allowCidrs: readonly Cidr[]
  readonly connectTimeoutMs: number
  readonly resolve?: Resolve
  /** False for a crawler: a bad certificate is a finding, not a reason to see nothing else. */
  readonly verifyCertificates?: boolean
  /** Further requests to an origin wait for one of these. */
  readonly connectionsPerOrigin?: number
}

export function createOutbound(options: OutboundOptions): Outbound {
  const guard: GuardOptions = { verifyCertificates: true, resolve: resolveBySystem, connectionsPerOrigin: 10, ...options }
  let lastAddress: string | null = null
  const shared = createGuardedDispatcher(guard, (address) => {
    lastAddress = address
  })

  async function onFreshConnection(url: URL, request: OutboundRequest): Promise<OutboundAnswer> {
    let address: string | null = null
    const own = createGuardedDispatcher(guard, (connected) => {
      address = connected
    })
    try {
      return await exchange(own, url, request, () => address)
    } finally {
      await own.destroy()
    }
  }

  return {
    async request(address, request) {
      const url = URL.parse(String(address))
      if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
        return { ok: false, fault: 'protocol', detail: 'Not an http or https address', elapsedMs: 0 }
      if (request.fresh) return onFreshConnection(url, request)
      const answer = await exchange(shared, url, request, () => lastAddress)
      // A connection kept from an earlier request may have been closed by the other side just now; that is not its answer.
      const repeatable = request.method !== 'POST' && request.body === undefined
      if (
        !answer.ok &&
        answer.fault === 'refused' &&
        answer.beforeHead &&
        repeatable &&
        /UND_ERR_SOCKET|ECONNRESET|EPIPE/.test(answer.detail)
      )
        return onFreshConnection(url, { ...request, totalTimeoutMs: Math.max(1, request.totalTimeoutMs - answer.elapsedMs) })
      return answer
    },
    close: () => shared.destroy(),
  }
}
