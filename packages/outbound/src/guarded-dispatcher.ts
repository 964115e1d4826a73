import { Agent, buildConnector } from 'undici'
import { allowedAddress, type Cidr } from './guarded-address.ts'
import { BlockedAddressError, guardedLookup, literalOf, type Resolve } from './guarded-lookup.ts'

export interface GuardOptions {
  readonly allowCidrs: readonly Cidr[]
  readonly connectTimeoutMs: number
  readonly resolve: Resolve
  readonly verifyCertificates: boolean
  readonly connectionsPerOrigin: number
}

/** Some sites send 20 KiB of policy headers; undici's 16 KiB would make them unreadable. */
const headerBytesMax = 64 * 1024

/**
 * Connects to allowed addresses only. Three checks, because each misses something: a literal never reaches the lookup, the lookup
 * sees names only, and only the connected socket knows where it really leads.
 */
export function createGuardedDispatcher(options: GuardOptions, onConnect: (address: string | null) => void): Agent {
  const connectUnguarded = buildConnector({
    allowH2: false,
    timeout: options.connectTimeoutMs,
    rejectUnauthorized: options.verifyCertificates,
    lookup: guardedLookup(options.allowCidrs, options.resolve),
  })
  const connect: buildConnector.connector = (target, callback) => {
    const literal = literalOf(target.hostname)
    if (literal && !allowedAddress(literal.address, options.allowCidrs))
      return callback(new BlockedAddressError(`${literal.address} is not a public address`), null)
    connectUnguarded(target, (...[error, socket]) => {
      if (error) return callback(error, null)
      const address = socket.remoteAddress ?? ''
      if (allowedAddress(address, options.allowCidrs)) {
        onConnect(address)
        return callback(null, socket)
      }
      socket.destroy()
      callback(new BlockedAddressError(`${target.hostname} led to ${address}, which is not a public address`), null)
    })
  }
  // Every deadline is the request's own; undici's would come on top of it, and in its own words.
  return new Agent({
    connect,
    connections: options.connectionsPerOrigin,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: headerBytesMax,
  })
}
