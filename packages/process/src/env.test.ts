import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { CommonEnv, readEnvironment } from './env.ts'

test('all problems are named at once and no value is printed', () => {
  const source = { SECRET_KEY: 'short-secret', DATABASE_URL: 'mysql://user:hunter2@db', LOG_LEVEL: 'loud' }
  const read = () => readEnvironment(CommonEnv, source)
  expect(read).toThrow(
    /SECRET_KEY[\s\S]*DATABASE_URL[\s\S]*REDIS_URL|LOG_LEVEL[\s\S]*SECRET_KEY[\s\S]*DATABASE_URL[\s\S]*REDIS_URL/,
  )
  expect(read).not.toThrow(/short-secret|hunter2|loud/)
})

test('an empty variable is an absent one', () => {
  const schema = z.object({ A: z.string().default('a') })
  expect(readEnvironment(schema, { A: '' })).toEqual({ A: 'a' })
})
