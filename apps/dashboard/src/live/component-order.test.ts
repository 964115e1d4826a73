import { describe, expect, test } from '@jest/globals'
import { byOrder, moved } from './component-order.ts'

const item = (id: string, order: number) => ({ id, order, name: id })

describe('a step up or down', () => {
  const inPlace = [item('a', 0), item('b', 1), item('c', 2)]
  test.each([
    { when: 'down', items: inPlace, id: 'a', by: 1, places: { b: 0, a: 1 } },
    { when: 'up', items: inPlace, id: 'c', by: -1, places: { c: 1, b: 2 } },
    { when: 'up from the top', items: inPlace, id: 'a', by: -1, places: {} },
    { when: 'down from the bottom', items: inPlace, id: 'c', by: 1, places: {} },
    {
      when: 'where nobody has chosen places yet',
      items: [item('a', 0), item('b', 0), item('c', 0)],
      id: 'c',
      by: -1,
      places: { c: 1, b: 2 },
    },
  ] as const)('$when', ({ items, id, by, places }) => {
    expect(Object.fromEntries(moved(items, id, by).map((step) => [step.item.id, step.order]))).toEqual(places)
  })
})

test('equal places go by name', () => {
  expect([item('b', 1), item('a', 1), item('c', 0)].sort(byOrder).map(({ id }) => id)).toEqual(['c', 'a', 'b'])
})
