import { Script } from 'node:vm'
import { expect, test } from '@jest/globals'
import { createBeaconScripts } from './beacon-script.ts'

const scripts = createBeaconScripts()

test('is small: 4 KB as it travels, 7 KB as it is', () => {
  const { identity, gzip, br } = scripts(1).bodies
  expect(gzip.length).toBeLessThan(4_000)
  expect(br.length).toBeLessThan(4_000)
  expect(identity.length).toBeLessThan(7_000)
})

test('is a program, sets no cookie and stores nothing', () => {
  const text = scripts(0.25).bodies.identity.toString()
  expect(() => new Script(text)).not.toThrow()
  expect(text).toContain('const sampleRate=0.25')
  expect(text).not.toMatch(/cookie|localStorage|sessionStorage|indexedDB|navigator\.userAgent\b|sourceMappingURL/)
})

test('is another one for another sample rate, and the same for the same', () => {
  expect(scripts(0.5)).toBe(scripts(0.5))
  expect(scripts(0.5).etag).not.toBe(scripts(1).etag)
})
