import { expect, test } from '@jest/globals'
import { createWaitingRoom } from './waiting-room.ts'

test('is full for one org before it is full for all, and has room again when somebody leaves', () => {
  const room = createWaitingRoom({ polls: 3, perOrg: 2 })
  const first = room.enter('a')
  room.enter('a')
  expect(() => room.enter('a')).toThrow('Too many')
  room.enter('b')
  expect(() => room.enter('c')).toThrow('Too many')
  first.leave()
  first.leave() // Leaving twice makes room for one.
  room.enter('c')
  expect(() => room.enter('b')).toThrow('Too many')
})

test('a closed room ends every wait, also of those who come later', () => {
  const room = createWaitingRoom()
  const before = room.enter('a')
  room.close()
  expect([before.closed.aborted, room.enter('a').closed.aborted]).toEqual([true, true])
})
