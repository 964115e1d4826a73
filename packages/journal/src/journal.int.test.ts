import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Bus } from '@tocsin/bus/bus'
import { createTroubledBus, diceOf } from '@tocsin/bus/bus.contract'
import { createMemoryBus } from '@tocsin/bus/memory'
import { system } from '@tocsin/contract/actor'
import type { Envelope } from '@tocsin/contract/event'
import { scanProgressed } from '@tocsin/contract/events/scans'
import { siteDeleted } from '@tocsin/contract/events/sites'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { createDatabase, type Database } from '@tocsin/db/pool'
import { createHandSetClock, wallClock } from '@tocsin/process/clock'
import { silentLog } from '@tocsin/process/log'
import { createMetrics } from '@tocsin/process/metrics'
import { createTestDatabase, type TestDatabase } from '@tocsin/testkit/database'
import { createJournal, type Journal } from './change.ts'
import { type Consumer, consumePass, type Troubled } from './consume.ts'
import { follow } from './follow.ts'
import { prunePass } from './prune.ts'
import { readEvents, readEventsOfTypes, readHeads, readState } from './read.ts'

const tester = system('test')
const log = silentLog()
let database: TestDatabase
let db: Database
let bus: Bus
let journal: Journal
let orgId: OrgId
const stops: AbortController[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase({ url: database.url, log, connections: 32 })
})
beforeEach(async () => {
  bus = createMemoryBus()
  journal = journalOn(bus)
  orgId = await newOrg()
})
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort()
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

function journalOn(anyBus: Bus): Journal {
  return createJournal({ db, bus: anyBus, clock: wallClock, log, metrics: createMetrics({ process: false }) })
}

async function newOrg(): Promise<OrgId> {
  const id = newId('org')
  await db.transaction({ orgId: id }, async (sql) => {
    await sql.query('insert into org (id, name, created_at) values ($1, $2, $3)', [id, 'Org', new Date()])
    await sql.query('insert into journal_head (org_id) values ($1)', [id])
  })
  return id
}

const commit = (org: OrgId, count = 1, on = journal) =>
  on.change(org, tester, async (change) => {
    for (let n = 0; n < count; n += 1) change.emit(siteDeleted, { siteId: newId('site') })
  })
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const eventsOf = (org: OrgId, after = 0, limit = 10_000) =>
  db.transaction({ orgId: org }, (sql) => readEvents(sql, org, after, limit))
const seqsOf = async (org: OrgId) => (await eventsOf(org)).map((event) => event.seq)

/** Follows until a seq has come. */
async function followTo(last: number, on: { journal: Journal; bus: Bus } = { journal, bus }, after = 0): Promise<number[]> {
  const stop = new AbortController()
  stops.push(stop)
  const seen: number[] = []
  for await (const event of follow({ ...on, clock: wallClock }, orgId, after, stop.signal)) {
    seen.push(event.seq)
    if (event.seq === last) return seen
  }
  return seen
}

describe('change', () => {
  test('numbers are without a hole whoever writes, and followers see each once, in order, while it happens', async () => {
    const writers = 32
    const each = 10
    const followers = [0, 1, 2].map(() => followTo(writers * each * 2))
    await Promise.all(
      range(1, writers).map(async () => {
        for (let n = 0; n < each; n += 1) await commit(orgId, 2)
      }),
    )
    for (const follower of followers) expect(await follower).toEqual(range(1, writers * each * 2))
    expect(await seqsOf(orgId)).toEqual(range(1, writers * each * 2))
  }, 30_000)

  test('one that throws leaves nothing: no row, no event, no number, no bell', async () => {
    const heard: (Envelope | null)[] = []
    bus.listen(orgId, (message) => heard.push(message))
    const failing = journal.change(orgId, tester, async (change) => {
      await change.tx.query("update org set name = 'Changed' where id = $1", [orgId])
      change.emit(siteDeleted, { siteId: newId('site') })
      throw new Error('No.')
    })
    await expect(failing).rejects.toThrow('No.')
    await commit(orgId)
    expect((await db.transaction({ orgId }, (sql) => sql.query('select name from org'))).rows).toEqual([{ name: 'Org' }])
    expect(await seqsOf(orgId)).toEqual([1])
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard.filter((message) => message !== null)).toHaveLength(1)
  })

  test('who hears of an event finds it committed, and it is the same', async () => {
    const found = new Promise<[Envelope, Envelope[]]>((resolve, reject) => {
      bus.listen(orgId, (message) => {
        if (message) eventsOf(orgId).then((events) => resolve([message, events]), reject)
      })
    })
    await commit(orgId)
    const [heard, events] = await found
    expect(events).toEqual([heard])
  })

  test('a bell that is broken costs nobody their change', async () => {
    const silent = journalOn({ ...bus, publish: () => Promise.reject(new Error('No bell.')) })
    await commit(orgId, 1, silent)
    expect(await seqsOf(orgId)).toEqual([1])
  })

  test('an event that is not as declared is a bug of the verb and commits nothing', async () => {
    const wrong = journal.change(orgId, tester, async (change) => {
      // A verb in JavaScript could do this.
      change.emit(siteDeleted, JSON.parse('{"siteId":"nonsense"}'))
    })
    await expect(wrong).rejects.toThrow()
    const ephemeral = journal.change(orgId, tester, async (change) => change.emit(scanProgressed, JSON.parse('{}')))
    await expect(ephemeral).rejects.toThrow('ephemeral')
    expect(await seqsOf(orgId)).toEqual([])
  })

  test('orgs do not wait for each other', async () => {
    const other = await newOrg()
    await journal.change(orgId, tester, async (change) => {
      await change.tx.query('select 1 from journal_head where org_id = $1 for update', [orgId])
      await commit(other) // Would wait for ever if they did.
      change.emit(siteDeleted, { siteId: newId('site') })
    })
    expect([await seqsOf(orgId), await seqsOf(other)]).toEqual([[1], [1]])
  })

  test('an org without a journal cannot change', async () => {
    await expect(commit(newId('org'))).rejects.toThrow()
  })
})

describe('read', () => {
  test('of another org there is nothing to read or write', async () => {
    const other = await newOrg()
    await commit(other, 3)
    const mine = await journal.read(orgId, async (sql) => ({
      events: await readEvents(sql, other, 0, 10),
      ofTypes: await readEventsOfTypes(sql, other, ['site.deleted'], new Date(0)),
      rows: (await sql.query('select org_id from event union all select org_id from journal_head')).rows,
    }))
    expect(mine).toEqual({ events: [], ofTypes: [], rows: [{ org_id: orgId }] })
    await expect(journal.read(orgId, (sql) => readState(sql, other))).rejects.toThrow('has no journal')
    const intruding = db.transaction({ orgId }, (sql) =>
      sql.query("insert into event (org_id, seq, type, at, actor, data) values ($1, 4, 'x.y', now(), '{}', '{}')", [other]),
    )
    await expect(intruding).rejects.toThrow('row-level security')
    const nobodys = await db.transaction('installation', (sql) => sql.query('select 1 from event'))
    expect(nobodys.rows).toEqual([])
  })

  test('the heads of many orgs come in one answer', async () => {
    const other = await newOrg()
    await commit(other, 3)
    const heads = await readHeads(db, [orgId, other, newId('org')])
    expect(new Map(heads.map((row) => [row.orgId, row.head]))).toEqual(
      new Map([
        [orgId, 0],
        [other, 3],
      ]),
    )
  })
})

describe('follow', () => {
  test('misses nothing over a bell that loses, doubles, delays and reorders', async () => {
    const troubled = createTroubledBus(bus, diceOf(11))
    const on = { journal: journalOn(troubled), bus: troubled }
    const follower = followTo(120, on)
    await Promise.all(
      range(1, 4).map(async () => {
        for (let n = 0; n < 30; n += 1) await commit(orgId, 1, on.journal)
      }),
    )
    expect(await follower).toEqual(range(1, 120))
  }, 15_000)

  test('goes on from where it was', async () => {
    await commit(orgId, 10)
    expect(await followTo(10, undefined, 4)).toEqual(range(5, 10))
  })

  test.each([
    { after: 2, reason: 'expired' },
    { after: 99, reason: 'ahead' },
  ])('from $after it says $reason, and where the head is', async ({ after, reason }) => {
    await commit(orgId, 10)
    await prunePass({ db, journal }, new Date(Date.now() + 1_000))
    await expect(followTo(11, undefined, after)).rejects.toMatchObject({ name: 'JournalReset', reason, head: 10 })
  })
})

describe('consume', () => {
  const planned = new Map<string, number[]>()
  /** Plans as rows do: what is planned in a transaction that fails is not planned. */
  const consumer = (name: string, fails: () => boolean = () => false): Consumer => ({
    name,
    async handle(change, events) {
      for (const event of events)
        await change.tx.query('insert into page (org_id, site_id, url, memory, seen_at) values ($1, $2, $3, $4, $5)', [
          change.orgId,
          siteId,
          `${name}:${change.orgId}:${event.seq}`,
          '{}',
          change.now,
        ])
      if (fails()) throw new Error('Killed.')
    },
  })
  let siteId: string

  beforeEach(async () => {
    planned.clear()
    siteId = newId('site')
    await db.transaction({ orgId }, (sql) =>
      sql.query(
        `insert into site (id, org_id, name, url, scan_interval_hours, page_budget, connections, confirmation, next_scan_at, created_at, updated_at)
         values ($1, $2, 'S', 'https://a.example/', 6, 10, 1, '{}', $3, $3, $3)`,
        [siteId, orgId, new Date('2100-01-01')],
      ),
    )
  })

  const plannedBy = async (name: string): Promise<number[]> => {
    const { rows } = await db.transaction({ orgId }, (sql) =>
      sql.query<{ url: string }>('select url from page where url like $1', [`${name}:%`]),
    )
    return rows.map((row) => Number(row.url.split(':')[2])).sort((a, b) => a - b)
  }

  const consuming = () => ({ db, journal, clock: wallClock, log, metrics: createMetrics({ process: false }) })
  const behind = async (name: string): Promise<string[]> => {
    const { rows } = await db.transaction('installation', (sql) =>
      sql.query<{ id: string }>('select org_id as id from orgs_behind($1, $2, 10000)', [name, '']),
    )
    return rows.map(({ id }) => id)
  }

  test('three replicas that die now and then plan every event exactly once', async () => {
    const total = 700
    const name = newId('scan')
    const dice = diceOf(3)
    const replica = async () => {
      while ((await plannedBy(name)).length < total)
        await consumePass(
          consuming(),
          consumer(name, () => dice() < 0.4),
        )
    }
    const replicas = [replica(), replica(), replica()]
    for (let n = 0; n < total; n += 10) await commit(orgId, 10)
    await Promise.all(replicas)
    // The page table has a primary key: an event planned twice would have thrown something else.
    expect(await plannedBy(name)).toEqual(range(1, total))
  }, 30_000)

  test('an org whose events cannot be planned holds up nobody else, nor its own events before that', async () => {
    const poisoned = await newOrg()
    await Promise.all([commit(poisoned, 5), commit(orgId, 3)])
    const deps = { ...consuming(), clock: createHandSetClock(new Date('2026-03-01T10:00:00Z')) }
    const turns: number[] = []
    const choosy: Consumer = {
      name: newId('scan'),
      async handle(change, events) {
        if (change.orgId !== poisoned) return
        if (events.some((event) => event.seq === 4)) throw new Error('Poison.')
        turns.push(...events.map((event) => event.seq))
      },
    }
    const troubled: Troubled = new Map()
    const stuck = async () => (await deps.metrics.registry.metrics()).match(/^tocsin_consumer_stuck_orgs{.*} (\d+)$/m)?.[1]
    const round = () => consumePass(deps, choosy, { troubled })
    while ((await round()) === 'worked');
    expect(await behind(choosy.name)).toContain(poisoned)
    expect(await behind(choosy.name)).not.toContain(orgId)
    expect([turns, await stuck()]).toEqual([[1, 2, 3], '1'])
    const failures = troubled.get(poisoned)?.failures ?? 0
    await round()
    expect(troubled.get(poisoned)?.failures).toBe(failures)
    deps.clock.advance(80_000)
    await round()
    expect(troubled.get(poisoned)?.failures).toBe(failures + 1)
  })

  test('in one round every org has its turn, however many are always behind', async () => {
    const orgs = await Promise.all(range(1, 120).map(newOrg))
    await Promise.all(orgs.map((org) => commit(org)))
    await commit(orgId, 300)
    const served: OrgId[] = []
    const busy: Consumer = {
      name: newId('scan'),
      async handle(change, events) {
        served.push(change.orgId)
        // There is always one more to come.
        if (change.orgId !== orgId && events.length > 0) change.emit(siteDeleted, { siteId: newId('site') })
      },
    }
    await consumePass(consuming(), busy)
    expect(new Set(served).size).toBe(served.length)
    expect(served).toEqual(expect.arrayContaining([orgId, ...orgs]))
    await consumePass(consuming(), busy)
    expect(served.filter((each) => each === orgId)).toHaveLength(2)
    expect(await behind(busy.name)).not.toContain(orgId)
  })

  test('in one round every org is pruned, however many cannot be', async () => {
    const orgs = await Promise.all(range(1, 120).map(newOrg))
    await Promise.all([orgId, ...orgs].map((org) => commit(org)))
    for (const org of orgs)
      await db.transaction({ orgId: org }, (sql) =>
        sql.query('insert into journal_cursor (org_id, consumer, seq) values ($1, $2, 0)', [org, 'slow']),
      )
    await prunePass({ db, journal }, new Date(Date.now() + 1_000))
    expect(await seqsOf(orgId)).toEqual([])
    expect(await seqsOf(orgs[0] ?? orgId)).toEqual([1])
  })

  test('a new consumer starts at the floor, and says idle when there is no more', async () => {
    await commit(orgId, 5)
    const deps = consuming()
    const [first, second] = [consumer(newId('scan')), consumer(newId('scan'))]
    while ((await consumePass(deps, first)) === 'worked');
    await db.transaction({ orgId }, (sql) => sql.query('delete from event where seq <= 3 and org_id = $1', [orgId]))
    await db.transaction({ orgId }, (sql) => sql.query('update journal_head set floor_seq = 3 where org_id = $1', [orgId]))
    while ((await consumePass(deps, second)) === 'worked');
    expect([await plannedBy(first.name), await plannedBy(second.name)]).toEqual([range(1, 5), [4, 5]])
    expect(await consumePass(deps, second)).toBe('idle')
  })

  test('what a consumer has not had is not pruned', async () => {
    await commit(orgId, 10)
    const name = newId('scan')
    await db.transaction({ orgId }, (sql) =>
      sql.query('insert into journal_cursor (org_id, consumer, seq) values ($1, $2, 4)', [orgId, name]),
    )
    const later = new Date(Date.now() + 1_000)
    while ((await prunePass({ db, journal }, later)) === 'worked');
    expect(await seqsOf(orgId)).toEqual(range(5, 10))
    expect(await journal.read(orgId, (sql) => readState(sql, orgId))).toEqual({ head: 10, floor: 4 })
    while ((await consumePass(consuming(), consumer(name))) === 'worked');
    while ((await prunePass({ db, journal }, later)) === 'worked');
    expect(await journal.read(orgId, (sql) => readState(sql, orgId))).toEqual({ head: 10, floor: 10 })
    await commit(orgId)
    expect(await seqsOf(orgId)).toEqual([11])
  })
})
