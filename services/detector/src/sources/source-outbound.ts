import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound, type Outbound } from '@tocsin/outbound/guarded-http'
import type { SourceUrls } from './urls.ts'

/** An API that takes longer to accept a connection is down. */
const connectTimeoutMs = 10_000
const everywhere = parseCidrs('0.0.0.0/0,::/0')

/**
 * The operator says where the APIs are, so those hosts may be inside; whatever an answer leads to is guarded like any other address.
 */
export function createSourceOutbound(urls: SourceUrls, allowCidrs: ReturnType<typeof parseCidrs>): Outbound {
  const configured = new Set(Object.values(urls).map((url) => new URL(url).origin))
  const open = createOutbound({ allowCidrs: everywhere, connectTimeoutMs })
  const guarded = createOutbound({ allowCidrs, connectTimeoutMs })
  return {
    request(address, request) {
      const origin = URL.parse(String(address))?.origin ?? ''
      return (configured.has(origin) ? open : guarded).request(address, request)
    },
    async close() {
      await Promise.all([open.close(), guarded.close()])
    },
  }
}
