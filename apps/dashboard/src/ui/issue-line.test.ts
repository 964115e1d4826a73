import { expect, test } from '@jest/globals'
import { issueLine } from './issue-line.ts'

test.each([
  ['entries.1.keyword', 'Line 3: Invalid input: expected string, received undefined', 'Line 3, keyword: is missing.'],
  ['entries.1.position', 'Line 3: Invalid input: expected number, received string', 'Line 3, position: is not a number.'],
  ['entries.0.country', 'Line 2: Must be a country.', 'Line 2, country: Must be a country.'],
  ['entries.0', 'Line 2: Is there twice.', 'Line 2: Is there twice.'],
  ['competitor', 'Is not tracked.', 'competitor: Is not tracked.'],
  ['', 'There is no header.', 'There is no header.'],
])('%p: %p', (path, message, text) => {
  expect(issueLine({ path, message })).toBe(text)
})
