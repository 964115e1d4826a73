import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { allowedAddress, type Cidr, listedAddress } from './guarded-address.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}
/** How a name becomes addresses. An argument, because a test must be able to say what DNS answers. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>

export const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true })

export type PublicAddresses =
  | { readonly ok: true; readonly addresses: readonly ResolvedAddress[] }
  | { readonly ok: false; readonly reason: 'blocked_address' | 'dns'; readonly detail: string }

/** The addresses of a host that we may connect to. One private answer among public ones refuses the host: it is how rebinding starts. */
export async function resolvePublic(
  hostname: string,
  allowCidrs: readonly Cidr[],
  resolve: Resolve = resolveBySystem,
): Promise<PublicAddresses> {
  const literal = literalOf(hostname)
  let answers: readonly ResolvedAddress[]
  try {
    answers = literal ? [literal] : await resolve(hostname)
  } catch (error) {
    return { ok: false, reason: 'dns', detail: errorCode(error) ?? 'DNS lookup failed' }
  }
  if (answers.length === 0) return { ok: false, reason: 'dns', detail: 'No address' }
  const blocked = answers.find(({ address }) => !allowedAddress(address, allowCidrs))
  if (!blocked) return { ok: true, addresses: answers }
  // The operator's word about one address of a name is enough, and then only that one is used: localhost is 127.0.0.1 and ::1.
  const listed = answers.filter(({ address }) => listedAddress(address, allowCidrs))
  if (listed.length > 0) return { ok: true, addresses: listed }
  return { ok: false, reason: 'blocked_address', detail: `${hostname} is ${blocked.address}, which is not a public address` }
}

/** Thrown into a connection attempt by the guard; recognised again where the attempt's error becomes a fault. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError'
}

/** For net.connect and tls.connect, which do not ask it about literals: those are checked before. */
export function guardedLookup(allowCidrs: readonly Cidr[], resolve: Resolve): LookupFunction {
  return (hostname, options, answer) => {
    void resolvePublic(hostname, allowCidrs, resolve).then((result) => {
      if (!result.ok) answer(lookupError(result, hostname), '', 0)
      else if (options.all) answer(null, [...result.addresses])
      else answer(null, result.addresses[0]?.address ?? '', result.addresses[0]?.family ?? 0)
    })
  }
}

function lookupError(result: { reason: 'blocked_address' | 'dns'; detail: string }, hostname: string): Error {
  if (result.reason === 'blocked_address') return new BlockedAddressError(result.detail)
  const code = /^E[A-Z_]+$/.test(result.detail) ? result.detail : 'ENOTFOUND'
  return Object.assign(new Error(`${code} ${hostname}`), { code })
}

/** The address that a URL's hostname spells out, if it does; a URL puts IPv6 in brackets. */
export function literalOf(hostname: string): ResolvedAddress | null {
  const address = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  const family = isIP(address)
  return family === 0 ? null : { address, family }
}

export function errorCode(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null
}
