import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
/** A network: its first address and how many leading bits count. */
export type Cidr = readonly [address: Address, bits: number]

/** True when nothing stands between us and the address but the public Internet. */
export const isPublicAddress = (ip: string): boolean => allowedAddress(ip, [])

/** Public, or inside a network that the operator has listed. Anything that is not a plain address in its usual notation is refused. */
export function allowedAddress(ip: string, allowCidrs: readonly Cidr[]): boolean {
  if (isIP(ip) === 0 || ip.includes('%')) return false
  if (listedAddress(ip, allowCidrs)) return true
  const address = ipaddr.parse(ip)
  return address.kind() === 'ipv4' ? isPublicIPv4(address) : isPublicIPv6(address)
}

/** Inside a network that the operator has listed. */
export function listedAddress(ip: string, allowCidrs: readonly Cidr[]): boolean {
  if (allowCidrs.length === 0 || isIP(ip) === 0 || ip.includes('%')) return false
  const address = ipaddr.parse(ip)
  return allowCidrs.some((cidr) => within(address, cidr))
}

/** Networks in CIDR notation or single addresses, separated by commas or spaces. Throws a RangeError that names the first bad one. */
export function parseCidrs(text: string): Cidr[] {
  return text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(parseCidr)
}

/** For the environment of a service: whether parseCidrs would take it. */
export function areCidrs(text: string): boolean {
  try {
    parseCidrs(text)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function parseCidr(part: string): Cidr {
  const [ip = '', bits, ...rest] = part.split('/')
  if (isIP(ip) === 0 || ip.includes('%') || rest.length > 0) throw new RangeError(`Not a network in CIDR notation: ${part}`)
  const address = ipaddr.parse(ip)
  const bitsMax = address.kind() === 'ipv4' ? 32 : 128
  if (bits === undefined) return [address, bitsMax]
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > bitsMax) throw new RangeError(`Not a network in CIDR notation: ${part}`)
  return [address, Number(bits)]
}

const within = (address: Address, [network, bits]: Cidr): boolean =>
  address.kind() === network.kind() && address.match([network, bits])

/** Everything IANA does not list as globally reachable, and what clouds answer inside: 168.63.129.16 is Azure's host. */
const closedIPv4 = parseCidrs(
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24
   192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4
   240.0.0.0/4 168.63.129.16/32`,
)

const isPublicIPv4 = (address: Address): boolean => !closedIPv4.some((cidr) => within(address, cidr))

/**
 * Only global unicast is open. That alone leaves out loopback, unique local, link-local, multicast, and the IPv4-mapped,
 * IPv4-compatible and NAT64 forms; 6to4, Teredo and the other tunnels lie inside it and are named.
 */
const globalIPv6: Cidr = [ipaddr.parse('2000::'), 3]
const closedIPv6 = parseCidrs('2001::/23 2001:db8::/32 2002::/16 3fff::/20 2620:4f:8000::/48')

const isPublicIPv6 = (address: Address): boolean =>
  within(address, globalIPv6) && !closedIPv6.some((cidr) => within(address, cidr)) && !isIsatap(address)

/** ISATAP hides an IPv4 address behind any prefix: its interface identifier is 0000:5efe or 0200:5efe and then the address. */
function isIsatap(address: Address): boolean {
  const bytes = address.toByteArray()
  return (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe
}
