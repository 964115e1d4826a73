import { expect, test } from '@jest/globals'
import { localInput, timeOfInput } from './local-time.ts'

test('what was shown is what is sent, to the minute', () => {
  expect(timeOfInput(localInput('2026-03-01T07:05:00.000Z'))).toBe('2026-03-01T07:05:00.000Z')
})

test('what is no time is none', () => {
  expect(timeOfInput('')).toBeUndefined()
  expect(timeOfInput(undefined)).toBeUndefined()
  expect(localInput(null)).toBeUndefined()
})
