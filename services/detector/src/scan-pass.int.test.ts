import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { judgeDataSoon } from '@tocsin/domain/data-watch/data-watch'
import { cancelScan, startScan } from '@tocsin/domain/scans/scans'
import { listExecutions, listScans } from '@tocsin/domain/scans/scans.read'
import { createSite, deleteSite } from '@tocsin/domain/sites/sites'
import { getSite } from '@tocsin/domain/sites/sites.read'
import { listThreats } from '@tocsin/domain/threats/threats.read'
import { createJournal } from '@tocsin/journal/change'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import type { Crawl } from './crawl-site.ts'
import type { PageObservation } from './crawler/observation.ts'
import { dataPass } from './data-pass.ts'
import { lookPass } from './look-pass.ts'
import type { Registry, Rule, Verdict } from './rules/verdict.ts'
import { type ScanDeps, scanPass } from './scan-pass.ts'
import { crawlOf, endlessCrawl, probes, rulesOf, siteUrl, specOf, verdictOn } from './scripted-site.ts'

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
beforeEach(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: siteUrl })))).id
})
afterEach(() => world.close())

const never = new AbortController().signal
const start = () => world.change(orgId, (change) => startScan(change, { siteId, trigger: 'manual' }))
const scans = async () => (await world.journal.read(orgId, (sql) => listScans(sql, { limit: 100 }))).data
const threats = async (state?: 'hygiene') =>
  (await world.journal.read(orgId, (sql) => listThreats(sql, { limit: 100, state }))).data
const executions = async () => (await world.journal.read(orgId, (sql) => listExecutions(sql, { limit: 100 }))).data
const types = (events: OrgEvent[]) => events.map((event) => event.type)

const depsOf = (crawl: Crawl, rules = rulesOf()): ScanDeps => ({
  ...world,
  crawl,
  probes,
  registry: rules,
  refreshSources: async () => {},
})
const scanOnce = async (crawl: Crawl, rules?: Registry) => {
  world.clock.advance(1_000)
  await start()
  return scanPass(depsOf(crawl, rules), never)
}
const look = (again: Verdict['level']) => lookPass({ ...world, probes, registry: rulesOf({}, again) }, never)

describe('a scan', () => {
  test('has nothing to do when none is queued', async () => {
    expect(await scanPass(depsOf(crawlOf({ '/': 200 })), never)).toBe('idle')
  })

  test('is the baseline when it is the first complete one, and tells everything at once', async () => {
    await start()
    const events = await world.eventsDuring(orgId, () => scanPass(depsOf(crawlOf({ '/': 200, '/old': 500 })), never))
    expect(types(events)).toEqual(['scan.started', 'site.updated', 'scan.completed'])
    expect(await scans()).toMatchObject([
      { state: 'completed', percentage: 100, complete: true, baseline: true, pagesDone: 2, threatsFound: 0 },
    ])
    expect(await threats('hygiene')).toMatchObject([{ subject: 'http://shop.example/old' }])
    expect((await world.journal.read(orgId, (sql) => getSite(sql, siteId))).baselineAt).toBe(world.clock.now().toISOString())
    expect(new Set((await executions()).map((each) => `${each.agent} ${each.status} ${each.findings}`))).toEqual(
      new Set([
        'crawler completed 2',
        'ranking completed 0',
        'vitals completed 0',
        'technical completed 1',
        'competitors completed 0',
        'security completed 0',
        'indexation completed 0',
      ]),
    )
  })

  test('keeps how long its pages took to answer, if it saw all of them', async () => {
    const times = async () =>
      (
        await world.change(orgId, (change) =>
          change.tx.query<{ counts: number[] | null }>('select response_counts as counts from scan order by queued_at'),
        )
      ).rows.map(({ counts }) => counts)
    await scanOnce(crawlOf({ '/': 200, '/a': 200, '/old': 500 }))
    await scanOnce(crawlOf({ '/': 200 }, false))
    expect(await times()).toEqual([[2], null])
  })

  test('after the baseline finds what is confirmed by a second look, and later that it is gone', async () => {
    await scanOnce(crawlOf({ '/': 200 }))
    await scanOnce(crawlOf({ '/': 200, '/a': 500 }))
    expect(await scans()).toMatchObject([{ threatsFound: 0, suspected: 1 }, {}])
    expect(await look('bad')).toBe('idle')
    world.clock.advance(60_000)
    expect(types(await world.eventsDuring(orgId, () => look('bad')))).toEqual(['threat.detected', 'threat.summary_changed'])
    await scanOnce(crawlOf({ '/': 200, '/a': 500 }))
    expect((await scans())[0]).toMatchObject({ threatsFound: 1, suspected: 0 })
    await scanOnce(crawlOf({ '/': 200, '/a': 200 }))
    world.clock.advance(600_000)
    expect(types(await world.eventsDuring(orgId, () => look('ok')))).toEqual(['threat.resolved', 'threat.summary_changed'])
  })

  test('does not tell by old records what newer ones deny', async () => {
    const { promise: assessed, resolve } = Promise.withResolvers<void>()
    let level: Verdict['level'] = 'bad'
    const rule: Rule = {
      ...specOf('rank.drop'),
      scope: 'data',
      assess: async () => {
        resolve()
        const verdict = verdictOn('blue shoes:US', level, 'high')
        return [{ ...verdict, rule: 'rank.drop', conclusive: true, look: { kind: 'data', urls: [] } }]
      },
    }
    const registry = rulesOf({ 'rank.drop': rule })
    const crawl: Crawl = async (...args) => {
      await assessed
      level = 'ok'
      await world.change(orgId, (change) => judgeDataSoon(change, siteId))
      expect(await dataPass({ ...world, registry }, never)).toBe('worked')
      return crawlOf({ '/': 200 })(...args)
    }
    await scanOnce(crawl, registry)
    expect(await threats()).toEqual([])
    level = 'bad'
    await scanOnce(crawlOf({ '/': 200 }), registry)
    expect(await threats()).toMatchObject([{ rule: 'rank.drop', state: 'active' }])
  })

  test('that is incomplete sets no baseline', async () => {
    await scanOnce(crawlOf({ '/': 200, '/old': 500 }, false))
    expect(await scans()).toMatchObject([{ state: 'completed', complete: false, baseline: false }])
    expect((await world.journal.read(orgId, (sql) => getSite(sql, siteId))).baselineAt).toBeNull()
  })

  test.each<{ fault: PageObservation['fault']; failure: string; suspected: number }>([
    { fault: 'timeout', failure: 'unreachable', suspected: 1 },
    { fault: 'dns', failure: 'unreachable', suspected: 0 },
    { fault: 'blocked_address', failure: 'blocked_address', suspected: 0 },
  ])(
    'of a site with $fault fails as $failure, and concludes no more than its start page shows',
    async ({ fault, failure, suspected }) => {
      await scanOnce(crawlOf({ '/': 200, '/a': 200 }))
      world.clock.advance(1_000)
      await start()
      const events = await world.eventsDuring(orgId, () => scanPass(depsOf(crawlOf({ '/': fault }, false)), never))
      expect(types(events)).toEqual(['scan.started', 'scan.failed'])
      expect((await scans())[0]).toMatchObject({ state: 'failed', failure })
      world.clock.advance(60_000)
      expect(await look('bad')).toBe(suspected ? 'worked' : 'idle')
      expect(await threats()).toHaveLength(suspected)
    },
  )

  test('remembers a robots.txt that holds what Postgres cannot', async () => {
    const text = 'User-agent: *\nDisallow: /a\0b\nDisallow: /\ud800\n'
    const crawl: Crawl = async (...args) => {
      const seen = await crawlOf({ '/': 200 })(...args)
      return { ...seen, robots: { ...seen.robots, availability: 'read', status: 200, text } }
    }
    await scanOnce(crawl)
    expect(await scans()).toMatchObject([{ state: 'completed' }])
  })

  test('says why an agent broke, whatever characters that holds', async () => {
    const broken: Rule = {
      ...specOf('hdr.regress'),
      scope: 'site',
      judge: () => {
        throw new Error('No \0 header.')
      },
    }
    await scanOnce(crawlOf({ '/': 200 }), rulesOf({ 'hdr.regress': broken }))
    expect((await executions()).map((each) => each.error)).toContain('No  header.')
  })

  test('is completed with what the others know when its crawl breaks, and is no baseline then', async () => {
    await scanOnce(async () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    })
    expect(await scans()).toMatchObject([{ state: 'completed', complete: false, baseline: false }])
    const byAgent = new Map((await executions()).map(({ agent, status, error }) => [agent, { status, error }]))
    const error = 'The disk of the detector is full: there is no room for what it sees.'
    expect(byAgent.get('crawler')).toEqual({ status: 'failed', error })
    expect(byAgent.get('technical')).toEqual({ status: 'failed', error: 'There are no pages to judge: the crawl broke.' })
    expect(byAgent.get('ranking')).toEqual({ status: 'completed', error: null })
  })

  test('judges what was recorded in the scan, in the same change', async () => {
    const recorded: Rule = {
      ...specOf('http.404_new'),
      scope: 'data',
      assess: async () => [{ ...verdictOn('recorded', 'bad', 'high'), rule: 'http.404_new', conclusive: true }],
    }
    const events = await world.eventsDuring(orgId, () => scanOnce(crawlOf({ '/': 200 }), rulesOf({ 'http.404_new': recorded })))
    expect(types(events)).toContain('threat.detected')
    expect(await threats()).toMatchObject([{ subject: 'recorded', state: 'active', rule: 'http.404_new' }])
  })

  test('goes on without an agent that breaks, and says why', async () => {
    const broken: Rule = {
      ...specOf('hdr.regress'),
      scope: 'site',
      judge: () => {
        throw new Error('No such header.')
      },
    }
    await scanOnce(crawlOf({ '/': 200, '/old': 500 }), rulesOf({ 'hdr.regress': broken }))
    expect(await scans()).toMatchObject([{ state: 'completed', complete: false }])
    const failed = (await executions()).filter((each) => each.status === 'failed')
    expect(failed).toMatchObject([{ agent: 'security', error: 'No such header.' }])
    expect(await threats('hygiene')).toHaveLength(1)
  })
})

describe('a detector', () => {
  test('that stops gives its scan back at once, and another makes it', async () => {
    await start()
    const stopping = new AbortController()
    const { crawl, begun } = endlessCrawl()
    const first = scanPass(depsOf(crawl), stopping.signal)
    await begun
    stopping.abort()
    await first
    expect(await scanPass(depsOf(crawlOf({ '/': 200 })), never)).toBe('worked')
    expect(await scans()).toMatchObject([{ state: 'completed' }])
  })

  test('that hangs loses its scan when its lease runs out, and can record nothing', async () => {
    await start()
    const begun = Promise.withResolvers<void>()
    const wakes = Promise.withResolvers<void>()
    const hanging: Crawl = async (...args) => {
      begun.resolve()
      await wakes.promise
      return crawlOf({ '/': 500, '/a': 500 })(...args)
    }
    // Its clock has stopped with it, so it renews nothing.
    const asleep = async (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
    const pass = scanPass({ ...depsOf(hanging), clock: { ...world.clock, sleep: asleep } }, never)
    await begun.promise
    expect(await scanPass(depsOf(crawlOf({ '/': 200 })), never)).toBe('idle')
    world.clock.advance(45_000)
    expect(await scanPass(depsOf(crawlOf({ '/': 200 })), never)).toBe('worked')
    wakes.resolve()
    await pass
    expect(await scans()).toMatchObject([{ state: 'completed', pagesDone: 1, suspected: 0 }])
    expect(
      (await executions())
        .filter((each) => each.agent === 'crawler')
        .map((each) => each.status)
        .sort(),
    ).toEqual(['completed', 'failed'])
  })

  test('drops a scan within a second when it is cancelled or its site is deleted', async () => {
    for (const end of ['cancel', 'delete'] as const) {
      const { id } = await start()
      const { crawl, begun } = endlessCrawl()
      const pass = scanPass(depsOf(crawl), never)
      await begun
      if (end === 'cancel') await world.change(orgId, (change) => cancelScan(change, { scanId: id }))
      else await world.change(orgId, (change) => deleteSite(change, { siteId }))
      world.clock.advance(1_000)
      expect(await pass).toBe('worked')
      expect(await scans()).toMatchObject(end === 'cancel' ? [{ state: 'cancelled' }] : [])
    }
  })

  test('keeps a long scan for itself', async () => {
    await start()
    const { crawl, begun } = endlessCrawl()
    const stopping = new AbortController()
    const naps = napping()
    const pass = scanPass({ ...depsOf(crawl), clock: naps.clock }, stopping.signal)
    await begun
    for (let second = 0; second < 100; second++) {
      await naps.next()
      world.clock.advance(1_000)
    }
    await naps.next()
    expect(await scanPass(depsOf(crawlOf({ '/': 200 })), never)).toBe('idle')
    stopping.abort()
    await pass
  })

  test('is not given a scan on which three have died', async () => {
    await start()
    const deps = depsOf(crawlOf({ '/': 200 }))
    const read: typeof world.journal.read = async () => {
      throw new Error('Out of memory.')
    }
    const dying = { ...deps, journal: { ...deps.journal, read } }
    for (let death = 0; death < 3; death++) {
      await expect(scanPass(dying, never)).rejects.toThrow('Out of memory.')
      expect(await scanPass(dying, never)).toBe('idle')
      world.clock.advance(45_000)
    }
    const events = await world.eventsDuring(orgId, () => scanPass(dying, never))
    expect(types(events)).toEqual(['scan.failed'])
    expect(await scans()).toMatchObject([{ state: 'failed', failure: 'lost' }])
  })

  test.each([
    { howLong: 'within its lease', seconds: 3 },
    { howLong: 'for longer than its lease', seconds: 47 },
  ])('does not lose a scan to a record that goes away $howLong, however often', async ({ seconds }) => {
    await start()
    for (let outage = 0; outage < 5; outage++) {
      let awayFor = 0
      const db: TestFoundation['db'] = {
        ...world.db,
        transaction: (...args) =>
          awayFor > 0 ? Promise.reject(new DatabaseUnavailable('Restarting.')) : world.db.transaction(...args),
      }
      const journal = createJournal({ ...world, db })
      const failing: Crawl = async (...args) => {
        awayFor = seconds
        return seconds > 45 ? endlessCrawl().crawl(...args) : crawlOf({ '/': 200 })(...args)
      }
      const naps = napping()
      const ended = scanPass({ ...depsOf(failing), db, journal, clock: naps.clock }, never).then(() => 'ended')
      while ((await Promise.race([ended, naps.next()])) !== 'ended') {
        if (awayFor > 0) awayFor -= 1
        world.clock.advance(1_000)
      }
    }
    expect(await scanPass(depsOf(crawlOf({ '/': 200 })), never)).toBe('worked')
    expect(await scans()).toMatchObject([{ state: 'completed', failure: null }])
  })

  test('races nine others: each scan is made once', async () => {
    const orgs = await Promise.all(Array.from({ length: 5 }, () => world.newOrg()))
    for (const org of orgs)
      await world.change(org, async (change) => {
        const site = await createSite(change, SiteInput.parse({ url: siteUrl }))
        await startScan(change, { siteId: site.id, trigger: 'manual' })
      })
    let crawls = 0
    const counting: Crawl = (...args) => {
      crawls += 1
      return crawlOf({ '/': 200 })(...args)
    }
    await Promise.all(Array.from({ length: 10 }, () => scanPass(depsOf(counting), never)))
    expect(crawls).toBe(5)
  })
})

/** The clock of a scan that tells when its keeper has written the lease and naps again. */
function napping(): { clock: TestFoundation['clock']; next(): Promise<void> } {
  let nap = Promise.withResolvers<void>()
  const sleep: TestFoundation['clock']['sleep'] = (ms, signal) => {
    nap.resolve()
    return world.clock.sleep(ms, signal)
  }
  return {
    clock: { ...world.clock, sleep },
    async next() {
      await nap.promise
      nap = Promise.withResolvers()
    },
  }
}
