import { isIP } from 'node:net'
import { Refusal } from '@tocsin/contract/refusal'
import type { Response } from 'express'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

const windowSeconds = 60

/** Counts in this process's memory for a minute at most. With n processes behind a balancer a caller has n times the rate. */
export interface RateLimit {
  /** Sets the RateLimit headers; refuses when the caller has had its share. */
  count(response: Response, key: string): Promise<void>
}

export function createRateLimit(perMinute: number): RateLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: windowSeconds })
  return {
    async count(response, key) {
      const { result, over } = await limiter.consume(key).then(
        (result) => ({ result, over: false }),
        (result: unknown) => ({ result, over: true }),
      )
      if (!(result instanceof RateLimiterRes)) throw result
      const resetSeconds = Math.max(1, Math.ceil(result.msBeforeNext / 1000))
      response.set({
        'RateLimit-Policy': `${perMinute};w=${windowSeconds}`,
        'RateLimit-Limit': String(perMinute),
        'RateLimit-Remaining': String(Math.max(0, result.remainingPoints)),
        'RateLimit-Reset': String(resetSeconds),
      })
      if (over) throw new Refusal('limit_reached', 'Too many requests.', { retryAfterSeconds: resetSeconds })
    },
  }
}

/** Whom an address stands for: IPv6 is handed out in /64, so that one household or server has 2^64 addresses to choose from. */
export function addressKey(ip: string | undefined): string {
  if (ip === undefined || isIP(ip) === 0) return 'unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped) return mapped
  if (isIP(ip) === 4) return ip
  const [head = '', tail] = (ip.split('%')[0] ?? '').split('::')
  const groups = head.split(':').filter((group) => group !== '')
  const after = tail === undefined ? [] : tail.split(':').filter((group) => group !== '')
  while (tail !== undefined && groups.length + after.length < 8) groups.push('0')
  return [...groups, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
