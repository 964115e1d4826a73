import { expect, test } from '@jest/globals'
import { createPasswordHasher } from './password.ts'

const hasher = createPasswordHasher()

test('a hash says how it was made, is never the same twice, and knows its password', async () => {
  const [first, second] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')])
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(first).not.toBe(second)
  expect(await hasher.verify('correct horse', first)).toBe(true)
  expect(await hasher.verify('Correct horse', first)).toBe(false)
  expect(await hasher.verify('correct horse', null)).toBe(false)
})

// Made by the reference implementation: `echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1`.
test('hashes of other programs and other costs are understood', async () => {
  const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  expect(await hasher.verify('password', stored)).toBe(true)
})

test('the same letters are the same password, composed or not', async () => {
  expect(await hasher.verify('pa\u0073\u0301word xx', await hasher.hash('pa\u015bword xx'))).toBe(true)
})

test('a flood is told to come back, and is over when it is over', async () => {
  const flood = await Promise.allSettled(Array.from({ length: 110 }, () => hasher.verify('x', null)))
  const refused = flood.filter((answer) => answer.status === 'rejected')
  expect(refused).toHaveLength(8)
  for (const answer of refused) expect(answer.reason).toMatchObject({ code: 'limit_reached', retryAfterSeconds: 2 })
  expect(await hasher.verify('x', null)).toBe(false)
})
