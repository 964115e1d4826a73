import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { defaultConfigs as config } from '@tocsin/contract/rules/catalog'
import { silentLog } from '@tocsin/process/log'
import { vulnerableLibraries } from './judges/vulnerable-library.ts'
import { readRetireFile } from './read-retire-file.ts'
import { libVuln } from './rules/lib-vuln.ts'

const folder = mkdtempSync(join(tmpdir(), 'retire-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'repository.json')
const read = (text: string) => {
  writeFileSync(path, text)
  return readRetireFile(path, silentLog())
}

test('its data take the place of our table', () => {
  const data = read(
    '{"x":{"vulnerabilities":[{"below":"2","identifiers":{"CVE":["CVE-1"]}}],"extractors":{"filename":["x-(§§version§§).js"]}}}',
  )
  expect(vulnerableLibraries('/x-1.0.0.js', undefined, data)).toHaveLength(1)
  expect(vulnerableLibraries('https://code.jquery.com/jquery-1.12.4.min.js', undefined, data)).toEqual([])
})

test.each([
  ['{', 'is not JSON'],
  ['[]', "is not retire.js' data"],
  ['{"x":{"vulnerabilities":[{"severity":"awful"}]}}', 'vulnerabilities'],
])('%s is refused with its path', (text, why) => {
  expect(() => read(text)).toThrow(path)
  expect(() => read(text)).toThrow(why)
})

test('so is one that is too large, or absent', () => {
  writeFileSync(path, '')
  truncateSync(path, 8 * 1024 * 1024 + 1)
  expect(() => readRetireFile(path, silentLog())).toThrow(`${path} has more than 8 MB`)
  expect(() => readRetireFile(join(folder, 'none'), silentLog())).toThrow('none cannot be read: ENOENT')
})

test('what it calls critical is told as high', () => {
  const data = read(
    '{"x":{"vulnerabilities":[{"below":"2","severity":"critical"}],"extractors":{"filename":["x-(§§version§§).js"]}}}',
  )
  const found = vulnerableLibraries('/x-1.0.0.js', undefined, data).map((each) => ({
    ...each,
    script: '/x-1.0.0.js',
    urls: [],
    pages: 1,
  }))
  expect(found).toHaveLength(1)
  expect(libVuln.replay({ ...found[0] }, { config, now: new Date(0) })).toMatchObject({ level: 'bad', severity: 'high' })
})
