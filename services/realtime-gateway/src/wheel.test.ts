import { expect, test } from '@jest/globals'
import { Wheel } from './wheel.ts'

function turning(start: number) {
  const wheel = new Wheel<{ dueAt: number; name: string }>(start)
  const turnTo = (now: number, next: number): string[] => {
    const seen: string[] = []
    wheel.turnTo(now, (item) => {
      seen.push(item.name)
      return now + next
    })
    return seen
  }
  return { wheel, turnTo, item: (name: string) => ({ dueAt: 0, name }) }
}

test('everybody is looked at when due, and again when they said', () => {
  const { wheel, turnTo, item } = turning(100)
  wheel.add(item('a'), 101)
  wheel.add(item('b'), 103)
  expect([turnTo(101, 3), turnTo(102, 3), turnTo(103, 3), turnTo(104, 3)]).toEqual([['a'], [], ['b'], ['a']])
})

test('after a long sleep everybody is looked at once', () => {
  const { wheel, turnTo, item } = turning(100)
  for (const [index, name] of ['a', 'b', 'c'].entries()) wheel.add(item(name), 101 + index * 20)
  expect(turnTo(5_000, 10).sort()).toEqual(['a', 'b', 'c'])
  expect(turnTo(5_001, 10)).toEqual([])
})

test('who is due later than a lap is looked at within one, and who left is not', () => {
  const { wheel, turnTo, item } = turning(0)
  const [far, gone] = [item('far'), item('gone')]
  wheel.add(far, 1_000)
  wheel.add(gone, 2)
  wheel.remove(gone)
  expect(turnTo(60, 10)).toEqual([])
  expect(turnTo(64, 10)).toEqual(['far'])
})
