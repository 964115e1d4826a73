import { expect, test } from '@jest/globals'
import { createSecretBox } from './secret-box.ts'

const box = createSecretBox('a secret that only tests may know, 32+', 'webhook')

test('what is sealed opens in its own context only', () => {
  const sealed = box.seal('whsec_abc', 'whk_1')
  expect(sealed).not.toContain('whsec')
  expect(box.open(sealed, 'whk_1')).toBe('whsec_abc')
  expect(() => box.open(sealed, 'whk_2')).toThrow()
})

test('two seals of one value differ, and another purpose opens neither', () => {
  const sealed = box.seal('x', 'c')
  expect(sealed).not.toBe(box.seal('x', 'c'))
  const other = createSecretBox('a secret that only tests may know, 32+', 'session')
  expect(() => other.open(sealed, 'c')).toThrow()
  expect(other.mac('x')).not.toBe(box.mac('x'))
})
