import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { SourceChanges, SourceInput } from '@tocsin/contract/api/sources'
import { newId, type OrgId, type SiteId, type SourceId } from '@tocsin/contract/ids'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createSite, deleteSite, lockSite, pauseSite } from '../sites/sites.ts'
import { claimSources, readClaimedSource, releaseSource } from './claim.ts'
import { countRequests, deferToNextDay, recordFault, recordFetched, recordTested } from './record.ts'
import { getSource, listSources } from './sources.read.ts'
import {
  createAutomaticSources,
  createSource,
  deleteSource,
  pauseSource,
  resumeSource,
  testSource,
  updateSource,
} from './sources.ts'

const box = createSecretBox('a secret that only tests may know, 32+', 'source')
const leaseMs = 60_000

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  siteId = await addSite('https://shop.example/')
})

const addSite = async (url: string) => (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url })))).id
const input = (more: object = {}) =>
  SourceInput.parse({ kind: 'crux', config: {}, credentials: { apiKey: 'key-of-the-shop' }, ...more })
const add = (more: object = {}, site = siteId) =>
  world.change(orgId, (change) => createSource(change, { siteId: site, input: input(more), box }))
const read = (sourceId: SourceId) => world.journal.read(orgId, (sql) => getSource(sql, sourceId))
function claimRequest(token: string, site: SiteId | null) {
  const now = world.clock.now()
  const kinds = ['crux', 'rdap', 'ct'] as const
  return { now, leaseUntil: new Date(now.getTime() + leaseMs), token, kinds, siteId: site, limit: 50 }
}
/** Of the test's own org: what earlier tests have left due is taken as well. */
const claim = async (token: string, site: SiteId | null = null) => {
  const taken = await world.db.transaction('installation', (sql) => claimSources(sql, claimRequest(token, site)))
  return taken.filter((each) => each.orgId === orgId).map((each) => each.sourceId)
}
const claimed = (sourceId: SourceId, token: string) =>
  world.journal.read(orgId, (sql) => readClaimedSource(sql, { sourceId, token, now: world.clock.now() }))
const soon = () => new Date(world.clock.now().getTime() + 3_600_000)
const fetched = (sourceId: SourceId, token: string, record = async () => {}) =>
  world.change(orgId, (change) => recordFetched(change, { sourceId, token, record, adapterState: { cursor: 7 }, nextAt: soon() }))
const failed = (sourceId: SourceId, token: string, reason: 'unavailable' | 'forbidden') =>
  world.change(orgId, (change) => recordFault(change, { sourceId, token, fault: { reason, detail: 'Why.', retryAt: null } }))
async function until(holds: () => Promise<boolean>): Promise<void> {
  const ends = performance.now() + 10_000
  while (!(await holds())) if (performance.now() > ends) throw new Error('It did not come to be.')
}
const typesDuring = async (work: () => Promise<unknown>) => (await world.eventsDuring(orgId, work)).map((event) => event.type)

describe('a source', () => {
  test('is shown without its credentials, which are kept sealed for this row', async () => {
    const source = await add()
    expect(source).toMatchObject({ kind: 'crux', state: 'active', quota: { day: null, used: 0, limit: 1000 }, lastError: null })
    expect(JSON.stringify(source)).not.toContain('key-of')
    expect((await world.journal.read(orgId, (sql) => listSources(sql, { siteId, limit: 10 }))).data).toEqual([source])
    await claim('one')
    const held = await claimed(source.id, 'one')
    expect(held?.credentials).not.toContain('key-of')
    expect(JSON.parse(box.open(held?.credentials ?? '', source.id))).toEqual({ apiKey: 'key-of-the-shop' })
    expect(() => box.open(held?.credentials ?? '', newId('source'))).toThrow()
    expect(held).toMatchObject({ siteUrl: 'https://shop.example/', requestsLeft: 1000, adapterState: {}, isTest: false })
  })

  test('that is recorded while its site is deleted waits for no one in a circle', async () => {
    const source = await add()
    await claim('one')
    const deletion = Promise.withResolvers<void>()
    const recording = world.change(orgId, (change) =>
      recordFetched(change, {
        sourceId: source.id,
        token: 'one',
        async record() {
          deletion.resolve(world.change(orgId, (other) => deleteSite(other, { siteId })))
          await until(async () => {
            const { rowCount } = await change.tx.query(
              'select from pg_locks where transactionid = pg_current_xact_id()::xid and not granted',
            )
            return rowCount === 1
          })
          await lockSite(change, siteId)
        },
        adapterState: {},
        nextAt: soon(),
      }),
    )
    expect(await recording).toBe(true)
    await deletion.promise
    await expect(read(source.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('is one of its kind for a site, and belongs to a site of the org', async () => {
    await add()
    await expect(add()).rejects.toMatchObject({ code: 'conflict' })
    await expect(add({}, newId('site'))).rejects.toMatchObject({ code: 'not_found' })
  })

  test('begins with a clean sheet when its settings change, and what was fetched with the old ones is not recorded', async () => {
    const { id } = await add()
    await claim('one')
    await fetched(id, 'one')
    world.clock.advance(3_700_000)
    await claim('two')
    await failed(id, 'two', 'forbidden')
    world.clock.advance(4 * 3_600_000)
    expect(await claim('three')).toEqual([id])
    const changes = SourceChanges.parse({ kind: 'crux', credentials: { apiKey: 'another-key' } })
    const types = await typesDuring(() =>
      world.change(orgId, (change) => updateSource(change, { sourceId: id, changes, ifVersion: 1, box })),
    )
    expect(types).toEqual(['source.updated'])
    expect(await read(id)).toMatchObject({ state: 'active', lastError: null, version: 2 })
    expect(await fetched(id, 'three')).toBe(false)
    await claim('four')
    expect(await claimed(id, 'four')).toMatchObject({ adapterState: {} })
    const again = () => world.change(orgId, (change) => updateSource(change, { sourceId: id, changes, ifVersion: null, box }))
    expect(await typesDuring(again)).toEqual([])
    const stale = world.change(orgId, (change) => updateSource(change, { sourceId: id, changes, ifVersion: 1, box }))
    await expect(stale).rejects.toMatchObject({ code: 'precondition_failed' })
    const other = SourceChanges.parse({ kind: 'rdap', config: {} })
    const asOther = world.change(orgId, (change) => updateSource(change, { sourceId: id, changes: other, ifVersion: null, box }))
    await expect(asOther).rejects.toMatchObject({ code: 'invalid' })
  })

  test('that is paused is not fetched; twice is not an error', async () => {
    const { id } = await add()
    const pause = () => world.change(orgId, (change) => pauseSource(change, { sourceId: id }))
    expect(await typesDuring(pause)).toEqual(['source.updated'])
    expect(await typesDuring(pause)).toEqual([])
    expect(await claim('one')).toEqual([])
    await world.change(orgId, (change) => resumeSource(change, { sourceId: id }))
    expect(await claim('two')).toEqual([id])
  })

  test('that is deleted is gone, and so is what was in hand', async () => {
    const { id } = await add()
    await claim('one')
    const types = await typesDuring(() => world.change(orgId, (change) => deleteSource(change, { sourceId: id })))
    expect(types).toEqual(['source.deleted'])
    expect(await fetched(id, 'one')).toBe(false)
    await expect(read(id)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('automatic ones are made once, and not again when somebody deletes them', async () => {
    const kinds = [SourceInput.parse({ kind: 'rdap', config: {} }), SourceInput.parse({ kind: 'ct', config: {} })]
    const make = () => world.change(orgId, (change) => createAutomaticSources(change, { siteId, kinds, box }))
    expect(await typesDuring(make)).toEqual(['source.created', 'source.created'])
    const { data } = await world.journal.read(orgId, (sql) => listSources(sql, { siteId, limit: 10 }))
    for (const { id } of data) await world.change(orgId, (change) => deleteSource(change, { sourceId: id }))
    expect(await typesDuring(make)).toEqual([])
  })
})

describe('a claim', () => {
  test('is one of an account at a time, over all its sites', async () => {
    const first = await add()
    world.clock.advance(1_000)
    const second = await add({}, await addSite('https://two.example/'))
    const other = await add({ credentials: { apiKey: 'another-key' } }, await addSite('https://three.example/'))
    const taken = await claim('one')
    expect(taken.toSorted()).toEqual([first.id, other.id].toSorted())
    expect(await claim('two')).toEqual([])
    await fetched(first.id, 'one')
    expect(await claim('three')).toEqual([second.id])
  })

  test('by several at once takes each once; a lease that ran out is taken over and its holder may write nothing', async () => {
    const { id } = await add()
    const all = await Promise.all([claim('one'), claim('two'), claim('three')])
    expect(all.flat()).toEqual([id])
    world.clock.advance(leaseMs)
    expect(await claim('heir')).toEqual([id])
    const holder = ['one', 'two', 'three'][all.findIndex((each) => each.length > 0)] ?? ''
    expect(await fetched(id, holder)).toBe(false)
    expect(await claimed(id, holder)).toBeNull()
  })

  test('that is given back is there for the next', async () => {
    const { id } = await add()
    await claim('one')
    await world.change(orgId, (change) => releaseSource(change, { sourceId: id, token: 'one' }))
    expect(await claim('two')).toEqual([id])
  })

  test('of one site takes nothing of another, and a paused site nothing at all', async () => {
    const { id } = await add()
    expect(await claim('one', await addSite('https://two.example/'))).toEqual([])
    await world.change(orgId, (change) => pauseSite(change, { siteId }))
    expect(await claim('two', siteId)).toEqual([])
    await world.change(orgId, (change) => testSource(change, { sourceId: id }))
    expect(await claim('three', siteId)).toEqual([id])
  })
})

describe('a fetch', () => {
  test('is recorded with its cursor and its next time, and is no event while all is well', async () => {
    const { id } = await add()
    await claim('one')
    let recorded = 0
    const work = () =>
      fetched(id, 'one', async () => {
        recorded += 1
      })
    expect(await typesDuring(work)).toEqual([])
    expect(recorded).toBe(1)
    expect(await read(id)).toMatchObject({
      lastFetchedAt: world.clock.now().toISOString(),
      nextFetchAt: soon().toISOString(),
    })
    const { rows } = await world.db.transaction({ orgId }, (sql) =>
      sql.query('select from data_watch where site_id = $1', [siteId]),
    )
    expect(rows).toHaveLength(1)
    world.clock.advance(3_700_000)
    await claim('two')
    expect(await claimed(id, 'two')).toMatchObject({ adapterState: { cursor: 7 } })
  })

  test('that fails is tried later; it is told when it begins to fail, when the reason changes and when it is over', async () => {
    const { id } = await add()
    const turn = async (work: (token: string) => Promise<unknown>) => {
      world.clock.advance(30 * 3_600_000)
      const token = String(world.clock.now().getTime())
      expect(await claim(token)).toEqual([id])
      return typesDuring(() => work(token))
    }
    expect(await turn((token) => failed(id, token, 'unavailable'))).toEqual(['source.updated'])
    expect(await read(id)).toMatchObject({ state: 'active', lastError: { reason: 'unavailable' } })
    expect(await turn((token) => failed(id, token, 'unavailable'))).toEqual([])
    expect(await turn((token) => failed(id, token, 'unavailable'))).toEqual(['source.updated'])
    expect(await read(id)).toMatchObject({ state: 'failing' })
    expect(await turn((token) => failed(id, token, 'forbidden'))).toEqual(['source.updated'])
    expect(await turn((token) => fetched(id, token))).toEqual(['source.updated'])
    expect(await read(id)).toMatchObject({ state: 'active', lastError: null })
  })

  test('counts against the budget of its account, which is new every day; a spent one is waited for', async () => {
    const { id } = await add({ config: { requestsPerDay: 10 } })
    await claim('one')
    const fingerprint = (await claimed(id, 'one'))?.fingerprint ?? ''
    await world.change(orgId, (change) => countRequests(change, { fingerprint, requests: 7 }))
    await world.change(orgId, (change) => countRequests(change, { fingerprint, requests: 5 }))
    expect(await claimed(id, 'one')).toMatchObject({ requestsLeft: 0 })
    await world.change(orgId, (change) => deferToNextDay(change, { sourceId: id, token: 'one' }))
    const { quota, state, lastError, nextFetchAt } = await read(id)
    const day = world.clock.now().toISOString().slice(0, 10)
    expect({ quota, state, reason: lastError?.reason }).toEqual({
      quota: { day, used: 12, limit: 10 },
      state: 'active',
      reason: 'quota',
    })
    expect(Date.parse(nextFetchAt ?? '')).toBeGreaterThan(Date.parse(`${day}T23:59:59Z`))
    world.clock.advance(26 * 3_600_000)
    expect(await claim('two')).toEqual([id])
    expect(await claimed(id, 'two')).toMatchObject({ requestsLeft: 10 })
  })
})

test('a test is made soon, once for all who ask, also of a paused source; one that passes brings a failing source back at once', async () => {
  const { id } = await add()
  await claim('one')
  await failed(id, 'one', 'forbidden')
  await world.change(orgId, (change) => pauseSource(change, { sourceId: id }))
  const ask = () => world.change(orgId, (change) => testSource(change, { sourceId: id }))
  expect(await typesDuring(ask)).toEqual(['source.updated'])
  expect(await typesDuring(ask)).toEqual([])
  expect(await claim('two')).toEqual([id])
  expect(await claimed(id, 'two')).toMatchObject({ isTest: true })
  const bad = { ok: false, reason: 'credentials', detail: 'Refused.' } as const
  await world.change(orgId, (change) => recordTested(change, { sourceId: id, token: 'two', tested: bad }))
  expect((await read(id)).lastTest).toMatchObject({ result: 'failed', reason: 'credentials', detail: 'Refused.' })
  expect(await claim('three')).toEqual([])
  await world.change(orgId, (change) => resumeSource(change, { sourceId: id }))
  await claim('four')
  await failed(id, 'four', 'forbidden')
  await ask()
  await claim('five')
  const good = { ok: true, detail: 'One property.' } as const
  expect(
    await typesDuring(() => world.change(orgId, (change) => recordTested(change, { sourceId: id, token: 'five', tested: good }))),
  ).toEqual(['source.updated'])
  expect((await read(id)).lastTest).toMatchObject({ result: 'passed' })
  expect(await claim('six')).toEqual([id])
})
