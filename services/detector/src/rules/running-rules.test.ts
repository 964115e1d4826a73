import { describe, expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import type { PageRunning } from '../judges/page-running.ts'
import { vulnerableLibraries } from '../judges/vulnerable-library.ts'
import { at, findingOf, lookContext, page, probes, seen, short, siteContext, watching } from './fixtures.ts'
import { libVuln } from './lib-vuln.ts'
import type { RunningMemory } from './running-memory.ts'
import { scriptNewhost } from './script-newhost.ts'
import { emptySiteMemory } from './site-memory.ts'
import { spamHidden } from './spam-hidden.ts'

const nothing: PageRunning = { hosts: [], noted: [], libraries: [], addresses: [], isSensitive: false }
const run = (over: Partial<PageRunning>, more: Partial<PageObservation> = {}) =>
  page({ running: { ...nothing, ...over }, ...more })
const known = (over: Partial<RunningMemory> = {}) => ({
  memory: { ...emptySiteMemory, running: { hosts: {}, hashes: [], pending: {}, hiddenLinks: [], terms: [], ...over } },
})

describe('script.newhost', () => {
  const pending = { 'new.test': { since: '2026-11-19T12:00:00.000Z', scans: 1 } }
  const b = { url: at('/b/1'), template: at('/b/{n}') }
  test.each<[string, PageObservation[], Parameters<typeof known>[0], string[]]>([
    ['for the first time', [run({ hosts: ['new.test'] })], {}, []],
    ['for the second time', [run({ hosts: ['new.test'] }), run({}, b)], { pending }, ['bad low']],
    ['in every template', [run({ hosts: ['new.test'] }), run({ hosts: ['new.test'] }, b)], { pending }, ['bad medium']],
    ['known', [run({ hosts: ['old.test'] })], { hosts: { 'old.test': '2026-01-01T00:00:00.000Z' } }, []],
    ['its own', [run({ hosts: ['shop.test'] })], { pending }, []],
  ])('%s', (_name, pages, memory, expected) => {
    const verdicts = scriptNewhost.judge(seen({}, [], pages), siteContext(known(memory)))
    expect(verdicts.map((each) => short(each))).toEqual(expected)
  })
  test('is over when it is used no more', async () => {
    const pages = [run({ hosts: ['new.test'] }), run({}, b)]
    const finding = findingOf(scriptNewhost.judge(seen({}, [], pages), siteContext(known({ pending })))[0])
    const look = (over: Partial<PageRunning>) =>
      scriptNewhost.lookAgain(finding, probes({ pages: [run(over)] }), lookContext(known({ pending })))
    expect(short(await look({ hosts: ['new.test'] }))).toBe('bad low')
    expect(short(await look({}))).toBe('ok')
    const watched = watching('script.newhost', 'new.test')
    expect(scriptNewhost.judge(seen({}, [], [run({})]), siteContext({ watched, ...known() })).map((each) => short(each))).toEqual(
      ['ok'],
    )
  })
})

describe('spam.hidden', () => {
  const spam = (hiddenLinks: string[], terms: string[] = []) => run({}, { spam: { hiddenLinks, terms } })
  test.each<[string, PageObservation, Parameters<typeof known>[0], string[]]>([
    ['three links out of sight', spam(['a.test', 'a.test', 'b.test']), {}, ['bad high']],
    ['two', spam(['a.test', 'b.test']), {}, []],
    ['links that were there on day one', spam(['a.test', 'a.test', 'b.test']), { hiddenLinks: ['a.test'] }, []],
    ['three terms', spam([], ['viagra', 'cialis', 'levitra']), {}, ['bad high']],
    ['what the site is about', spam([], ['viagra', 'cialis', 'levitra']), { terms: ['viagra', 'cialis', 'levitra'] }, []],
  ])('%s', (_name, each, memory, expected) => {
    const verdicts = spamHidden.judge(seen({}, [], [each]), siteContext(known(memory)))
    expect(verdicts.map((verdict) => short(verdict))).toEqual(expected)
  })
  test('looking again', async () => {
    const finding = findingOf(spamHidden.judge(seen({}, [], [spam(['a.test', 'b.test', 'c.test'])]), siteContext(known()))[0])
    const look = async (each: PageObservation) =>
      short(await spamHidden.lookAgain(finding, probes({ pages: [each] }), lookContext(known())))
    expect(await look(spam(['a.test', 'b.test', 'c.test']))).toBe('bad high')
    expect(await look(spam([]))).toBe('ok')
    expect(await look(page({ fault: 'challenge' }))).toBe('unknown')
  })
})

describe('lib.vuln', () => {
  const using = (script: string) => run({ libraries: vulnerableLibraries(script).map((found) => ({ ...found, script })) })
  test.each([
    ['https://code.jquery.com/jquery-1.12.4.min.js', ['bad medium']],
    ['https://cdnjs.cloudflare.com/ajax/libs/lodash.js/4.17.4/lodash.min.js', ['bad high']],
    ['https://code.jquery.com/jquery-3.7.1.min.js', []],
  ])('%s', (script, expected) =>
    expect(libVuln.judge(seen({}, [], [using(script)]), siteContext()).map((each) => short(each))).toEqual(expected),
  )
  test('is over when it is upgraded', async () => {
    const finding = findingOf(libVuln.judge(seen({}, [], [using('/jquery-1.12.4.js')]), siteContext())[0])
    expect(finding.subject).toBe('jquery@1.12.4')
    const look = async (each: PageObservation) =>
      short(await libVuln.lookAgain(finding, probes({ pages: [each] }), lookContext()))
    expect(await look(using('/jquery-1.12.4.js'))).toBe('bad medium')
    expect(await look(using('/jquery-3.7.1.js'))).toBe('ok')
  })
})
