import { errorMessage } from '@tocsin/process/error-code'

const slotCount = 16_384

/** The slot of a channel: CRC-16/XMODEM, as Redis Cluster defines it. Our names have no {tags}. */
export function slotOf(channel: string): number {
  let crc = 0
  for (const byte of Buffer.from(channel)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  }
  return (crc & 0xffff) % slotCount
}

export interface SlotRange {
  from: number
  to: number
  master: { host: string | null; port: number }
}

/** Which address serves each slot. A node that does not tell a host is reached as the one that was asked is. */
export function ownersOf(ranges: readonly SlotRange[], askedHost: string): readonly (string | undefined)[] {
  const owners = new Array<string | undefined>(slotCount).fill(undefined)
  for (const { from, to, master } of ranges) owners.fill(addressOf(master.host || askedHost, master.port), from, to + 1)
  return owners
}

/** As in `MOVED 3999 127.0.0.1:6381`; null when the error says something else. */
export function movedTo(error: unknown, askedHost: string): string | null {
  const found = /^MOVED \d+ (.*):(\d+)$/.exec(errorMessage(error))
  return found ? addressOf(found[1] || askedHost, Number(found[2])) : null
}

const addressOf = (host: string, port: number) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)

/** How a node of the cluster is reached: the given URL, with its credentials, at another address. */
export function urlAt(url: string, address: string): string {
  const at = new URL(url)
  at.host = address
  return at.href
}
