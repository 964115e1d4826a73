import { describe, expect, test } from '@jest/globals'
import { Refusal } from '@tocsin/contract/refusal'
import { decodeCursor, encodeCursor, pageOfRows } from './page.ts'

const at = new Date('2026-03-01T10:00:00.123Z')
const row = (id: string) => ({ at, id })

describe('a cursor', () => {
  test('comes back as it was', () => {
    expect(decodeCursor(encodeCursor({ at, id: 'site_0abc' }))).toEqual({ at, id: 'site_0abc' })
  })

  test.each([
    '',
    'nonsense',
    '%00',
    Buffer.from('2026-99-99T10:00:00.000Z site_0').toString('base64url'),
    Buffer.from("2026-03-01T10:00:00.000Z site_0' or 1=1").toString('base64url'),
    Buffer.from('2026-03-01T10:00:00.000Z').toString('base64url'),
  ])('%j is refused', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(Refusal)
  })
})

describe('a page', () => {
  const rows = [row('site_3'), row('site_2'), row('site_1')]
  const page = (limit: number) =>
    pageOfRows(
      rows,
      { limit },
      (each) => each,
      (each) => each.id,
    )

  test('shows no more than was asked for and says where it goes on', () => {
    expect(page(2)).toEqual({ data: ['site_3', 'site_2'], nextCursor: encodeCursor(row('site_2')) })
  })

  test('that is the last one has no next', () => {
    expect(page(3)).toEqual({ data: ['site_3', 'site_2', 'site_1'], nextCursor: null })
  })
})
