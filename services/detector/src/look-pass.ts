import { randomUUID } from 'node:crypto'
import type { Site } from '@tocsin/contract/api/sites'
import { Refusal } from '@tocsin/contract/refusal'
import { defaultConfigs, type RuleConfigs, ruleSpec } from '@tocsin/contract/rules/catalog'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'
import { ruleConfigs } from '@tocsin/domain/rules/rules.read'
import { recallPages, recallSite } from '@tocsin/domain/scans/memory'
import { getSite } from '@tocsin/domain/sites/sites.read'
import { causesFirst } from '@tocsin/domain/threats/causes'
import { type ClaimedLook, claimLooks, type DueLook, listWatched, readLook } from '@tocsin/domain/threats/looks.read'
import { recordLook, releaseLook } from '@tocsin/domain/threats/record'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'
import { z } from 'zod'
import { detector } from './held-scan.ts'
import { type KnownPages, parsedPages, recallKnownPages } from './known-pages.ts'
import type { Probes } from './probes/probes.ts'
import { emptySiteMemory, SiteMemory } from './rules/site-memory.ts'
import type { DataRule, LookTarget, Registry, Rule, Verdict, WatchList } from './rules/verdict.ts'
import { watchList } from './watch-list.ts'

export interface LookDeps extends Pick<Foundation, 'db' | 'journal' | 'clock' | 'log' | 'metrics'> {
  readonly probes: Probes
  readonly registry: Registry
}

/** Looks at once. Each is a few requests; those of one site are made one after the other. */
const looksMax = 16
/** Two pages, slow ones. What takes longer is unknown. */
const lookMsMax = 25_000
/** Long enough for a look that begins late; a look that would begin later yet is left to whoever claims it then. */
const leaseMs = 2 * lookMsMax

const StoredLook = z.object({
  kind: z.enum(['page', 'robots', 'tls', 'target', 'data']),
  urls: z.array(z.string()),
}) satisfies z.ZodType<LookTarget>
/** Rules about robots.txt judge what it forbids, so they want every page. */
const rulesOfAllPages: ReadonlySet<string> = new Set(['idx.robots_block', 'idx.robots_changed'])

/** Looks again at what is due: suspicions that wait for a second opinion, repairs that wait to be believed. */
export async function lookPass(deps: LookDeps, signal: AbortSignal): Promise<PassResult> {
  const now = deps.clock.now()
  const claim = { now, leaseUntil: new Date(now.getTime() + leaseMs), token: randomUUID(), limit: looksMax }
  const claimed = await deps.db.transaction('installation', (sql) => claimLooks(sql, claim))
  const tasks = (await Promise.all(claimed.map((look) => readTask(deps, look, claim.token)))).filter((task) => task !== null)
  const startsBefore = new Date(now.getTime() + leaseMs - lookMsMax)
  await Promise.all(
    [...Map.groupBy(tasks, (task) => task.site.id).values()].map(async (ofSite) => {
      const inOrder = ofSite.toSorted((a, b) => causesFirst(a.due, b.due))
      for (const task of inOrder) if (deps.clock.now() <= startsBefore) await lookAgain(deps, task, signal)
    }),
  )
  return claimed.length > 0 ? 'worked' : 'idle'
}

interface LookTask extends ClaimedLook {
  readonly token: string
  readonly due: DueLook
  readonly target: LookTarget
  readonly site: Site
  readonly memory: SiteMemory
  readonly config: RuleConfigs
  readonly watched: WatchList
  readonly pages: KnownPages
}

/** Null: the threat or its site is gone, or what is stored for it cannot be read. That ends this look alone, as unknown. */
async function readTask(deps: LookDeps, claimed: ClaimedLook, token: string): Promise<LookTask | null> {
  const { orgId, threatId } = claimed
  const due = await deps.journal.read(orgId, (sql) => readLook(sql, { threatId, token }))
  if (!due) return null
  try {
    return await deps.journal.read(orgId, (sql) => taskOf(sql, { ...claimed, token, due }))
  } catch (error) {
    if (isGone(error)) return null
    if (!(error instanceof z.ZodError)) throw error
    deps.log.error({ err: error, orgId, threatId, rule: due.rule }, 'What is stored for a look cannot be read.')
    await conclude(deps, { ...claimed, token, due, config: defaultConfigs }, null)
    return null
  }
}

async function taskOf(sql: Sql, of: ClaimedLook & { token: string; due: DueLook }): Promise<LookTask> {
  const { siteId, look } = of.due
  const target = StoredLook.parse(look)
  return {
    ...of,
    target,
    memory: SiteMemory.parse((await recallSite(sql, siteId)) ?? emptySiteMemory),
    site: await getSite(sql, siteId),
    config: await ruleConfigs(sql, siteId),
    watched: watchList(await listWatched(sql, siteId)),
    pages: await pagesFor(sql, of.due, target),
  }
}

async function pagesFor(sql: Sql, due: DueLook, target: LookTarget): Promise<KnownPages> {
  if (rulesOfAllPages.has(due.rule)) return (await recallKnownPages(sql, due.siteId)).pages
  return parsedPages(await recallPages(sql, due.siteId, target.urls))
}

async function lookAgain(deps: LookDeps, task: LookTask, stopping: AbortSignal): Promise<void> {
  const { orgId, threatId, token } = task
  const verdict = await observe(deps, task, stopping)
  if (stopping.aborted) {
    await deps.journal.change(orgId, detector, (change) => releaseLook(change, { threatId, token }))
    return
  }
  await conclude(deps, task, verdict)
}

/** `verdict` null: unknown. */
async function conclude(
  deps: LookDeps,
  { orgId, threatId, token, due, config }: Pick<LookTask, 'orgId' | 'threatId' | 'token' | 'due' | 'config'>,
  verdict: Verdict | null,
): Promise<void> {
  const looks = deps.metrics.counter('looks_total', 'Looks at suspected and open threats', ['rule', 'verdict'])
  looks.inc({ rule: due.rule, verdict: verdict?.level ?? 'unknown' })
  const seen = verdict && { ...verdict, config: config[verdict.rule] }
  try {
    await deps.journal.change(orgId, detector, (change) =>
      recordLook(change, { siteId: due.siteId, threatId, token, verdict: seen }),
    )
  } catch (error) {
    // The site was deleted while it was looked at: nobody waits for the answer any more.
    if (!isGone(error)) throw error
  }
}

const isGone = (error: unknown): boolean => error instanceof Refusal && error.code === 'not_found'

/** Null when the look could not be made: that is unknown, and one broken rule must not keep the others from being asked. */
async function observe(deps: LookDeps, task: LookTask, stopping: AbortSignal): Promise<Verdict | null> {
  const { due, site, memory, pages } = task
  const id = ruleSpec(due.rule)?.id
  if (!id) return null
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(lookMsMax)])
  const rule: Rule = deps.registry[id]
  const finding = {
    subject: due.subject,
    severity: due.severity,
    evidence: due.evidence,
    okSince: due.okSince,
    look: task.target,
  }
  try {
    if (rule.scope === 'data') return await recordedAnswer(deps, task, rule)
    return await rule.lookAgain(finding, deps.probes, {
      siteUrl: site.url,
      now: deps.clock.now(),
      config: task.config,
      memory,
      pages,
      signal,
    })
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error
    deps.log.error({ err: error, orgId: task.orgId, threatId: task.threatId, rule: id }, 'A rule broke while it looked again.')
    return null
  }
}

/** Records are not looked at again: what they say by now is read. Null when nothing is said of this subject. */
async function recordedAnswer(deps: LookDeps, task: LookTask, rule: DataRule): Promise<Verdict | null> {
  const { id, url } = task.site
  const context = { site: { id, url }, now: deps.clock.now(), watched: task.watched, config: task.config }
  const verdicts = await deps.journal.read(task.orgId, (sql) => rule.assess(sql, context))
  return verdicts.find((verdict) => verdict.subject === task.due.subject) ?? null
}
