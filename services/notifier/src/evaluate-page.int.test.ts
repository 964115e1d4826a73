import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import { SiteInput } from '@tocsin/contract/api/sites'
import { threatDetected } from '@tocsin/contract/events/threats'
import { exampleOf } from '@tocsin/contract/example'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { createAlertRule } from '@tocsin/domain/alert-rules/alert-rules'
import { createSite } from '@tocsin/domain/sites/sites'
import type { Change } from '@tocsin/journal/change'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createPlanPass } from './plan-pass.ts'

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId

beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  await inOrg((change) => change.tx.query('delete from alert_rule'))
  siteId = (await inOrg((change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))).id
})

const inOrg = <Result>(work: (change: Change) => Promise<Result>) => world.change(orgId, work)
const addRule = (name: string) =>
  inOrg((change) => createAlertRule(change, AlertRuleInput.parse({ name, filter: { sources: ['*'] } })))
const detect = (count: number) =>
  inOrg(async (change) => {
    const data = threatDetected.data.parse(exampleOf(threatDetected.data))
    for (let index = 0; index < count; index += 1)
      change.emit(threatDetected, {
        threat: { ...data.threat, siteId, dedupeKey: `t${index}`, severity: 'high', causeId: null },
        site: { ...data.site, id: siteId },
      })
  })
const count = async (table: 'alert' | 'alert_notice'): Promise<number> => {
  const { rows } = await inOrg((change) =>
    change.tx.query<{ count: number }>(`select count(*) as count from ${table} where org_id = $1`, [orgId]),
  )
  return rows[0]?.count ?? 0
}

test('several notifiers at once plan each event once', async () => {
  await addRule('All')
  for (let index = 0; index < 30; index += 1) await detect(10)
  const passes = [createPlanPass(world), createPlanPass(world), createPlanPass(world)]
  for (let round = 0; round < 6; round += 1) await Promise.all(passes.map((pass) => pass()))
  const { rows } = await inOrg((change) => change.tx.query('select distinct occurrences from alert where org_id = $1', [orgId]))
  expect([await count('alert'), await count('alert_notice'), rows]).toEqual([10, 10, [{ occurrences: 30 }]])
})

test('fifty rules that match everything, and a page of two hundred events, are a few statements', async () => {
  for (let index = 0; index < 50; index += 1) await addRule(`Rule ${index}`)
  while ((await createPlanPass(world)()) === 'worked');
  await detect(200)
  let statements = 0
  const journal: typeof world.journal = {
    ...world.journal,
    change: (org, actor, work) =>
      world.journal.change(org, actor, (change) => {
        const query: Change['tx']['query'] = (text, values) => {
          statements += 1
          return change.tx.query(text, values)
        }
        return work({ ...change, tx: { ...change.tx, query } })
      }),
  }
  await createPlanPass({ ...world, journal })()
  expect(await count('alert_notice')).toBe(50 * 200)
  // Ten thousand rows of each kind, a thousand in one statement.
  expect(statements).toBeLessThan(80)
})
