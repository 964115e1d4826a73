import { programOnPath } from './program-on-path.ts'
import { type RedisProgram, unpackDebianRedis } from './redis-debian.ts'

export const redisWays =
  'One of these gives the tests a real Redis: (1) set REDIS_URL, (2) put valkey-server or redis-server on the PATH, (3) run Docker or another container engine, (4) use Debian or Ubuntu, whose packages are unpacked without installing them (needs apt-get and a package mirror).'

let program: Promise<RedisProgram | null> | null = null

/** A redis-server to start as often as a test likes: off the PATH, else out of Debian's packages. */
export function redisProgram(): Promise<RedisProgram | null> {
  program ??= findProgram()
  return program
}

async function findProgram(): Promise<RedisProgram | null> {
  return redisOnPath() ?? (await unpackDebianRedis())
}

export function redisOnPath(): RedisProgram | null {
  const path = programOnPath('valkey-server', 'redis-server')
  return path ? { path, env: {} } : null
}
