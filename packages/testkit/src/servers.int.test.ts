import { describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { createClient } from 'redis'
import { createTestDatabase } from './database.ts'
import { startRedis, testRedisUrl } from './redis.ts'

async function rows(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function ping(url: string): Promise<string> {
  const client = createClient({ url, socket: { reconnectStrategy: false } })
  client.on('error', () => undefined) // connect() rejects with it.
  await client.connect()
  try {
    return await client.ping()
  } finally {
    await client.close()
  }
}

describe('createTestDatabase', () => {
  test('gives each caller a migrated database of its own', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
    await rows(one.url, 'create table only_here ()')
    expect(
      await rows(other.url, "select to_regclass('site') is not null as migrated, to_regclass('only_here') as foreign"),
    ).toEqual([{ migrated: true, foreign: null }])
    await Promise.all([one.drop(), other.drop()])
    await expect(rows(one.url, 'select 1')).rejects.toThrow('does not exist')
  })
})

describe('Redis', () => {
  test('the shared one answers', async () => {
    expect(await ping(testRedisUrl())).toBe('PONG')
  })

  test('an own one loses what it kept when it is flushed', async () => {
    const redis = await startRedis()
    const client = await createClient({ url: redis.url })
      .on('error', () => undefined)
      .connect()
    await client.set('key', 'value')
    await redis.flushAll()
    expect(await client.get('key')).toBeNull()
    await client.close()
    await redis.stop()
  })

  test('a paused one answers when it is resumed, and not before', async () => {
    const redis = await startRedis()
    const client = await createClient({ url: redis.url })
      .on('error', () => undefined)
      .connect()
    redis.pause()
    const answer = client.ping()
    redis.resume()
    expect(await answer).toBe('PONG')
    await client.close()
    await redis.stop()
  })

  test('a killed one is gone, and comes back on its port with what it appended', async () => {
    const first = await startRedis({ appendonly: true })
    const client = await createClient({ url: first.url })
      .on('error', () => undefined)
      .connect()
    await client.set('key', 'value')
    client.destroy()
    await first.kill()
    await expect(ping(first.url)).rejects.toThrow('ECONNREFUSED')
    const second = await startRedis({ port: first.port, dir: first.dir, appendonly: true })
    const again = await createClient({ url: second.url })
      .on('error', () => undefined)
      .connect()
    expect(await again.get('key')).toBe('value')
    await again.close()
    await second.stop()
    await first.stop()
  })
})
