import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

/**
 * A port on loopback that the system says is free, below the range from which it serves outgoing connections: a port out of that
 * range could be given away between this answer and the server's own listening.
 */
export async function freePort(): Promise<number> {
  const lowest = 10_000
  const highest = Math.max(lowest + 1_000, firstEphemeralPort())
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(lowest, highest)
    if (await isFree(port)) return port
  }
  throw new Error(`No free port on 127.0.0.1 between ${lowest} and ${highest}.`)
}

function firstEphemeralPort(): number {
  const [first] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/)
  return Number(first) || 32_768
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((answer) => {
    server.once('error', () => answer(false))
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)))
  })
}
