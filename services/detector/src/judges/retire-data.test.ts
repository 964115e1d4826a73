import { expect, test } from '@jest/globals'
import { silentLog } from '@tocsin/process/log'
import { RetireFile, retireLibraries } from './retire-data.ts'
import { vulnerableLibraries } from './vulnerable-library.ts'

/** In the documented shape, with patterns of our own. */
const file = {
  tableau: {
    npmname: 'tableau',
    vulnerabilities: [
      { below: '1.9.0b1', severity: 'medium', identifiers: { CVE: ['CVE-1', 'CVE-2'], summary: 'x' }, info: ['https://x.test'] },
      {
        atOrAbove: '2.0.0',
        below: '2.5.0',
        excludes: ['2.4.9'],
        severity: 'high',
        identifiers: { githubID: 'GHSA-x' },
        cwe: ['CWE-79'],
      },
      {
        ranges: [
          { atOrAbove: '3.0.0-rc.1', below: '3.0.0' },
          { atOrAbove: '4.0.0', below: '4.1.0' },
        ],
        severity: 'low',
        identifiers: {},
      },
      { below: '9.0.0', severity: 'none', identifiers: { CVE: ['CVE-9'] } },
    ],
    extractors: {
      func: ['Tableau.version'],
      uri: ['/(§§version§§)/tableau(\\.min)?\\.js'],
      filename: ['tableau-(§§version§§)(\\.min)?\\.js', '/all-tableau-(§§version§§)\\.js', '(unclosed'],
      filecontent: [
        '/\\*!?[\\s*]+Tableau v(§§version§§)',
        '\\u00a9 Tableau (§§version§§)',
        'tableau\\(\\)[\\s\\S]{1,4000}made="(§§version§§)"',
      ],
      filecontentreplace: ['/T=1;.*release:"(§§version§§)"/$1/'],
      hashes: { a9993e364706816aba3e25717850c26c9cd0d89d: '1.2.3' },
    },
  },
  'dont check': { vulnerabilities: [], extractors: { uri: ['^https?://trusted\\.test/'] } },
}
const data = retireLibraries(RetireFile.parse(file), silentLog())
const found = (url: string, content?: string) =>
  vulnerableLibraries(url, content, data).map(
    ({ library, version, advisories, severity }) =>
      `${library}@${version} ${severity} ${advisories.map(({ id }) => id).join(' ')}`,
  )

test.each([
  ['https://cdn.test/1.8.0/tableau.min.js', ['tableau@1.8.0 medium CVE-1 CVE-2']],
  ['/js/tableau-1.8.3.slim.min.js?x=1', ['tableau@1.8.3 medium CVE-1 CVE-2']],
  ['/js/tableau-1.9.0a9.js', ['tableau@1.9.0a9 medium CVE-1 CVE-2']],
  ['/js/tableau-1.9.0.js', []],
  ['/js/all-tableau-1.8.0.js', ['tableau@1.8.0 medium CVE-1 CVE-2']],
  ['/js/tableau-2.4.8.js', ['tableau@2.4.8 high GHSA-x']],
  ['/js/tableau-2.4.9.js', []],
  ['/js/tableau-3.0.0-rc.2.js', ['tableau@3.0.0-rc.2 low tableau-3.0.0']],
  ['/js/tableau-3.0.0.js', []],
  ['/js/tableau-4.0.5.js', ['tableau@4.0.5 low tableau-4.1.0']],
  ['/js/tableau-1.8.something.js', []],
  ['/js/app.js?v=/1.8.0/tableau.js', []],
  ['https://trusted.test/1.8.0/tableau.js', []],
  ['https://code.jquery.com/jquery-1.12.4.min.js', []],
])('%s', (url, expected) => expect(found(url)).toEqual(expected))

test.each([
  ['/*!\n * Tableau v1.8.0\n */', ['tableau@1.8.0 medium CVE-1 CVE-2']],
  [`${'x;'.repeat(200_000)}/*! Tableau v1.8.0 */`, ['tableau@1.8.0 medium CVE-1 CVE-2']],
  ['var T=1;a=2;release:"2.1.0"', ['tableau@2.1.0 high GHSA-x']],
  ['(c), © Tableau 1.8.0', ['tableau@1.8.0 medium CVE-1 CVE-2']],
  [`${'x;'.repeat(9_000)}tableau()${'y;'.repeat(1_900)}made="1.8.0"${'x;'.repeat(9_000)}`, ['tableau@1.8.0 medium CVE-1 CVE-2']],
  ['abc', ['tableau@1.2.3 medium CVE-1 CVE-2']],
  ['/* for Tableau 1.8.0 */', []],
])('by its content: %#', (content, expected) => expect(found('/bundle.js', content)).toEqual(expected))

test.each(['a', ' ', '1', '\n', '/* ', 'Tableau v1', 'T=1;', 'T=1;release:"1'])('a hostile text of %j costs little', (piece) => {
  const started = performance.now()
  found('/bundle.js', piece.repeat((1024 * 1024) / piece.length))
  expect(performance.now() - started).toBeLessThan(1_000)
})

test('a pattern that would take for ever is not used again, the others are', () => {
  const slow = structuredClone(file)
  slow.tableau.extractors.filecontent.unshift('Slow (a+)+!(§§version§§)')
  const warned: unknown[] = []
  const guarded = retireLibraries(RetireFile.parse(slow), { warn: (about: unknown) => void warned.push(about) })
  const content = `Slow ${'a'.repeat(60)} /*! Tableau v1.8.0 */`
  expect(vulnerableLibraries('/x.js', content, guarded)).toHaveLength(1)
  expect(vulnerableLibraries('/x.js', content, guarded)).toHaveLength(1)
  // The one that does not compile, and the slow one once.
  expect(warned).toHaveLength(2)
})
