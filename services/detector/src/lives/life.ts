import { expect } from '@jest/globals'
import type { Threat } from '@tocsin/contract/api/threats'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import type { OrgId } from '@tocsin/contract/ids'
import { defaultConfigs, type RuleId, ruleSpec } from '@tocsin/contract/rules/catalog'
import { getThreatEvidence, listThreats } from '@tocsin/domain/threats/threats.read'
import type { HandSetClock } from '@tocsin/process/clock'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { registry } from '../rules/registry.ts'

/** One fault of a rule on something real, from before it to after its repair. */
export interface Life {
  readonly rule: RuleId
  /** What breaks. Several faults of one rule have a life each. */
  readonly fault: string
  /** Where a crawl waits for its turns the clock has to run; the others have one that stands until it is set. */
  readonly clock?: () => HandSetClock
  /** A site that is well and known, so that from here on only the fault can be told. */
  readonly begin: (stage: Stage) => Promise<Being>
}

export interface Stage {
  readonly world: TestFoundation
  readonly orgId: OrgId
  /** What the life opened is closed with it. */
  readonly closing: AsyncDisposableStack
}

export interface Being {
  /** Everything that the fault is told as, by name: `rule subject`, or what that looks like. */
  readonly tells: readonly (string | RegExp)[]
  readonly breaks: () => Promise<void>
  readonly mends: () => Promise<void>
}

const subjectsMax = 200

/** While it is well nothing is told; the fault is told once, the same again by its evidence, and is over once; nothing else ever is. */
export async function live(life: Life): Promise<void> {
  await using closing = new AsyncDisposableStack()
  const world = await openTestFoundation(life.clock?.())
  closing.defer(() => world.close())
  const stage = { world, orgId: await world.newOrg(), closing }
  const { tells, breaks, mends } = await life.begin(stage)
  expect(await standing(stage)).toEqual([])
  const expected = (state: string) =>
    tells.map((each) => ({ state, told: typeof each === 'string' ? each : expect.stringMatching(each) }))

  const whileBroken = await world.eventsDuring(stage.orgId, breaks)
  const broken = await standing(stage)
  expect(broken).toEqual(expected('active'))
  expect(broken.some(({ told }) => told.startsWith(`${life.rule} `))).toBe(true)
  expect(turns(whileBroken)).toEqual({ detected: tells.length, resolved: 0 })
  await expectSameByEvidence(stage)

  const whileMended = await world.eventsDuring(stage.orgId, mends)
  expect(await standing(stage)).toEqual(expected('resolved'))
  expect(turns(whileMended)).toEqual({ detected: 0, resolved: tells.length })
}

const turns = (events: readonly OrgEvent[]) => ({
  detected: events.filter(({ type }) => type === 'threat.detected').length,
  resolved: events.filter(({ type }) => type === 'threat.resolved').length,
})

/** In the order of their names, as a life tells them. Whatever its state: nothing that was ever told is gone from the list. */
async function standing({ world, orgId }: Stage): Promise<{ state: string; told: string }[]> {
  return (await threats({ world, orgId }))
    .map(({ rule, subject, state }) => ({ state, told: `${rule} ${subject}` }))
    .toSorted((a, b) => (a.told < b.told ? -1 : 1))
}

async function threats({ world, orgId }: Pick<Stage, 'world' | 'orgId'>): Promise<Threat[]> {
  const { data, nextCursor } = await world.journal.read(orgId, (sql) => listThreats(sql, { limit: subjectsMax }))
  expect(nextCursor).toBeNull()
  return data
}

async function expectSameByEvidence({ world, orgId }: Stage): Promise<void> {
  for (const { id, rule } of await threats({ world, orgId })) {
    const { evidence, config, judgedAt, verdict } = await world.journal.read(orgId, (sql) => getThreatEvidence(sql, id))
    const spec = ruleSpec(rule)
    if (!spec) throw new Error(`There is no rule ${rule}.`)
    const judged = registry[spec.id].replay(evidence, {
      config: { ...defaultConfigs, [spec.id]: config },
      now: new Date(judgedAt),
    })
    expect({ rule, ...judged }).toEqual({ rule, level: verdict.level, severity: verdict.severity })
  }
}
