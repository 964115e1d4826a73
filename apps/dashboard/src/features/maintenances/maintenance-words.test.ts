import { expect, test } from '@jest/globals'
import { remindOptions } from './maintenance-words.ts'

test('a reminder that nobody offers can be kept', () => {
  expect(remindOptions(60).map(({ minutes }) => minutes)).toEqual([0, 60, 1440, 10_080])
  expect(remindOptions(90).map(({ minutes }) => minutes)).toEqual([0, 60, 90, 1440, 10_080])
})
