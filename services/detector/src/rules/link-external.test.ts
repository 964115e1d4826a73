import { expect, test } from '@jest/globals'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import type { CheckedLink } from '@tocsin/domain/external-links/external-links.read'
import { linkOutcome } from '../judges/external-link.ts'
import { at, now, short } from './fixtures.ts'
import { judgeLinks } from './link-external.ts'

const url = 'https://partner.example/guide'
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const link = (over: Partial<CheckedLink> = {}): CheckedLink => ({
  url,
  sources: [at('/a'), at('/b')],
  inlinks: 2,
  outcome: 'gone',
  status: 404,
  fault: null,
  dayOne: false,
  failures: 3,
  failingSince: hoursAgo(24),
  lastFailedAt: now,
  ...over,
})
const judge = (links: CheckedLink[], waiting: string[] = []) => judgeLinks(links, waiting, defaultConfigs['link.external'])
const well: Partial<CheckedLink> = { outcome: 'ok', status: 200, failures: 0, failingSince: null, lastFailedAt: null }

test.each<[string, CheckedLink[], string[], string[]]>([
  ['gone in 3 checks over 24 hours', [link()], [], ['bad low']],
  ['gone in 3 checks within a day', [link({ failingSince: hoursAgo(23.9) })], [], []],
  ['gone in 2 checks over a day', [link({ failures: 2 })], [], []],
  ['whose host does not exist', [link({ status: null, fault: 'dns' })], [], ['bad low']],
  ['gone, and last time behind a wall', [link({ outcome: 'unknown', status: 403 })], [url], ['bad low']],
  ['that answers', [link(well)], [url], ['ok']],
  ['that nobody could see since', [link({ ...well, outcome: 'unknown', status: 429 })], [url], ['unknown']],
  ['to which nobody links any more', [], [url], ['ok']],
])('a link %s', (_name, links, waiting, expected) => expect(judge(links, waiting).map((each) => short(each))).toEqual(expected))

test('says who links there, and is listed only if it was so on day one', () => {
  expect(judge([link()])).toMatchObject([
    {
      subject: url,
      title: 'Link to another site is dead: partner.example/guide',
      description: `${at('/a')} and 1 more page link to ${url}, which answers with status 404 since 2026-11-19.`,
      conclusive: true,
      dayOne: false,
    },
  ])
  expect(judge([link({ dayOne: true })])).toMatchObject([{ dayOne: true }])
})

const answers = (status: number, body = '', headers: Record<string, string> = {}) =>
  linkOutcome({
    ok: true,
    status,
    headers,
    body: Buffer.from(body),
    bytes: 0,
    truncated: false,
    timings: { firstByteMs: 1, totalMs: 1 },
    remoteAddress: null,
  })
const fails = (fault: 'dns' | 'timeout' | 'refused' | 'tls' | 'blocked_address', detail: string) =>
  linkOutcome({ ok: false, fault, detail, elapsedMs: 1 })

test.each([
  ...[200, 204, 206, 301].map((status) => [`${status}`, answers(status), 'ok'] as const),
  ...[404, 410].map((status) => [`${status}`, answers(status), 'gone'] as const),
  ...[400, 401, 403, 405, 408, 429, 451, 500, 503, 999].map((status) => [`${status}`, answers(status), 'unknown'] as const),
  [
    'a wall that answers 200',
    answers(200, '<title>Just a moment...</title><script src="/cdn-cgi/challenge-platform/x">'),
    'unknown',
  ],
  ['no such name', fails('dns', 'ENOTFOUND: getaddrinfo ENOTFOUND gone.example'), 'gone'],
  ['a resolver that is down', fails('dns', 'EAI_AGAIN: getaddrinfo EAI_AGAIN partner.example'), 'unknown'],
  ['no answer', fails('timeout', 'No answer within 15 s'), 'unknown'],
  ['nobody listens', fails('refused', 'ECONNREFUSED'), 'unknown'],
  ['a bad certificate', fails('tls', 'CERT_HAS_EXPIRED'), 'unknown'],
  ['a private address', fails('blocked_address', '10.0.0.1'), 'unknown'],
] as const)('%s: %s, that is %s', (_name, outcome, expected) => expect(outcome).toBe(expected))
