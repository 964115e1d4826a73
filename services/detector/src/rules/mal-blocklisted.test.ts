import { expect, test } from '@jest/globals'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import type { Listing } from '@tocsin/domain/listings/listings.read'
import { now, short } from './fixtures.ts'
import { judgeListings } from './mal-blocklisted.ts'

const listing = (over: Partial<Listing>): Listing => ({
  source: 'safe_browsing',
  host: 'shop.test',
  threat: 'MALWARE',
  listed: true,
  cleans: 0,
  firstListedAt: now,
  answeredAt: now,
  ...over,
})
const longAgo = new Date(now.getTime() - 4 * 86_400_000)
const subject = 'shop.test:MALWARE'

test.each<[string, Listing[], string[], string[]]>([
  ['listed', [listing({})], [], ['bad critical']],
  ['clean once', [listing({ listed: false, cleans: 1 })], [subject], ['unknown']],
  ['clean twice', [listing({ listed: false, cleans: 2 })], [subject], ['ok']],
  ['clean twice, and nobody waits', [listing({ listed: false, cleans: 2 })], [], []],
  [
    'clean here, listed there',
    [listing({ listed: false, cleans: 2 }), listing({ source: 'web_risk' })],
    [subject],
    ['bad critical'],
  ],
  [
    'clean here, not asked there',
    [listing({ listed: false, cleans: 2 }), listing({ source: 'web_risk', answeredAt: longAgo })],
    [subject],
    ['unknown'],
  ],
  ['listed long ago, and nobody has answered since', [listing({ answeredAt: longAgo })], [subject], ['unknown']],
  ['nothing is known any more', [], [subject], ['unknown']],
])('%s', (_name, listings, waiting, expected) =>
  expect(judgeListings(listings, waiting, defaultConfigs['mal.blocklisted'], now).map((each) => short(each))).toEqual(expected),
)
