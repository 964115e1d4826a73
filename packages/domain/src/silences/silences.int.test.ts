import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { SilenceInput } from '@tocsin/contract/api/silences'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { matches } from './match.ts'
import { activeSilences, getSilence, listSilences } from './silences.read.ts'
import { createSilence, deleteSilence, expireOldSilences, expireSilence } from './silences.ts'

const hour = 3_600_000
let world: TestFoundation
let orgId: OrgId

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
})

const inHours = (hours: number) => new Date(world.clock.now().getTime() + hours * hour).toISOString()
const create = (more: object = {}) => {
  const matchers = [{ label: 'severity', values: ['high'] }]
  const input = SilenceInput.parse({ matchers, comment: 'Moving.', endsAt: inHours(2), ...more })
  return world.change(orgId, (change) => createSilence(change, input))
}
const active = async () =>
  (await world.db.transaction({ orgId }, (sql) => activeSilences(sql, world.clock.now()))).map(({ id }) => id)
const types = async (work: () => Promise<unknown>) => (await world.eventsDuring(orgId, work)).map(({ type }) => type)

test('mutes from its beginning to its end, which is told once', async () => {
  const now = await create()
  const coming = await create({ startsAt: inHours(1), endsAt: inHours(3) })
  expect(await active()).toEqual([now.id])
  world.clock.advance(1.5 * hour)
  expect(await active()).toEqual([now.id, coming.id])
  world.clock.advance(0.5 * hour)
  expect(await active()).toEqual([coming.id])
  expect(await types(() => world.change(orgId, expireOldSilences))).toEqual(['silence.expired'])
  expect(await types(() => world.change(orgId, expireOldSilences))).toEqual([])
  const { data } = await world.journal.read(orgId, (sql) => listSilences(sql, { limit: 10, state: 'open' }))
  expect(data.map(({ id }) => id)).toEqual([coming.id])
})

test('is ended by hand, twice is no error, and is deleted', async () => {
  const { id } = await create()
  expect(await types(() => world.change(orgId, (change) => expireSilence(change, { silenceId: id })))).toEqual([
    'silence.expired',
  ])
  expect(await types(() => world.change(orgId, (change) => expireSilence(change, { silenceId: id })))).toEqual([])
  expect(await active()).toEqual([])
  await world.change(orgId, (change) => deleteSilence(change, { silenceId: id }))
  await expect(world.journal.read(orgId, (sql) => getSilence(sql, id))).rejects.toThrow('No such silence')
})

test.each([
  { when: 'over before it begins', input: { endsAt: '2020-01-01T00:00:00.000Z' } },
  { when: 'backwards', input: { startsAt: '2099-01-01T00:00:00.000Z' } },
  { when: 'for ever', input: { endsAt: '2099-01-01T00:00:00.000Z' } },
])('$when: refused', ({ input }) => expect(create(input)).rejects.toThrow('Must be'))

describe('matches', () => {
  const siteId = newId('site')
  const ruleId = newId('alertRule')
  const alert = {
    ruleId,
    site: { id: siteId },
    subject: 'threat:thr_1',
    severity: 'high',
    // As the life of alerts writes them: `rule` is the alert rule.
    labels: { type: 'ranking_drop', rule: ruleId, detection: 'rank.lost' },
    tags: ['shop', 'de'],
  }
  test.each([
    { matchers: [{ label: 'site', values: [siteId] }], expected: true },
    { matchers: [{ label: 'site', values: [newId('site')] }], expected: false },
    { matchers: [{ label: 'type', values: ['ranking_drop', 'security_issue'] }], expected: true },
    { matchers: [{ label: 'severity', values: ['critical'] }], expected: false },
    { matchers: [{ label: 'rule', values: ['rank.lost'] }], expected: true },
    { matchers: [{ label: 'rule', values: [ruleId] }], expected: true },
    { matchers: [{ label: 'subject', values: ['threat:thr_1'] }], expected: true },
    { matchers: [{ label: 'tag', values: ['de'] }], expected: true },
    {
      matchers: [
        { label: 'tag', values: ['de'] },
        { label: 'severity', values: ['low'] },
      ],
      expected: false,
    },
    {
      matchers: [
        { label: 'tag', values: ['de'] },
        { label: 'severity', values: ['high'] },
      ],
      expected: true,
    },
  ] as const)('$matchers → $expected', ({ matchers, expected }) =>
    expect(
      matches(
        matchers.map((each) => ({ ...each, values: [...each.values] })),
        alert,
      ),
    ).toBe(expected),
  )
  test('what has no site is of none', () =>
    expect(matches([{ label: 'site', values: [siteId] }], { ...alert, site: null })).toBe(false))
})
