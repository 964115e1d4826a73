import { expect, test } from '@jest/globals'
import { type HealthPart, healthOf } from './health.ts'

const part = (name: string, vital: boolean, check: () => Promise<boolean>): HealthPart => ({ name, vital, check })
const good = async () => true
const broken = async (): Promise<boolean> => {
  throw new Error('refused')
}

test.each([
  {
    when: 'all answer',
    parts: [part('database', true, good), part('redis', false, good)],
    is: { status: 'ok', database: 'ok', redis: 'ok' },
  },
  {
    when: 'Redis is away',
    parts: [part('database', true, good), part('redis', false, broken)],
    is: { status: 'degraded', database: 'ok', redis: 'degraded' },
  },
  {
    when: 'Postgres is away',
    parts: [part('database', true, broken), part('redis', false, good)],
    is: { status: 'down', database: 'down', redis: 'ok' },
  },
])('$when → $is.status', async ({ parts, is }) => {
  expect(await healthOf(parts)).toEqual(is)
})
