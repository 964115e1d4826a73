import { createHash } from 'node:crypto'
import { newId, type ScanId, type SiteId, type ThreatId } from '@tocsin/contract/ids'
import { type Severity, severities } from '@tocsin/contract/rule'
import { ruleSpec } from '@tocsin/contract/rules/catalog'
import type { Change } from '@tocsin/journal/change'
import { lockSite } from '../sites/sites.ts'
import { causeOf, causesFirst } from './causes.ts'
import { boundedEvidence, type Evidence, evidenceBytesMax, lookBytesMax } from './evidence.ts'
import { estimatedImpact, importanceOf, ordinaryImportance } from './impact.ts'
import { decide } from './lifecycle.ts'
import {
  applyDecisions,
  deleteThreats,
  type HeldThreat,
  insertFindings,
  listOpen,
  lockHeld,
  lockLeased,
  type NewFinding,
} from './record.rows.ts'
import { isDoubtful, tellDoubt, tellDoubtIsOver, turnedAround } from './self-doubt.ts'
import type { Decision, Level } from './situation.ts'
import { tellingSummary } from './summary.ts'

/** What a rule says about one subject of a site. Severity, texts and evidence matter only when it is bad. */
export interface SeenVerdict {
  readonly rule: string
  readonly subject: string
  readonly level: Level
  readonly severity: Severity
  readonly title: string
  readonly description: string
  readonly evidence: Evidence
  /** When it will be more severe by its age alone, if it is still there: it is looked at then. */
  readonly worsensAt?: Date | null
  /** The rule has weighed repetition itself: no looks are needed. */
  readonly conclusive?: boolean
  /** It was so before the site had a baseline, although it is told only now. */
  readonly dayOne?: boolean
  /** The thresholds it was judged by. */
  readonly config?: object
  /** What the rule wants to look at again, as JSON. */
  readonly look: object
}

export interface Recorded {
  /** Findings that opened or repeated a threat. */
  threatsFound: number
  /** Findings that are looked at again before they count. */
  suspected: number
  /** New findings beyond what one scan may bring. */
  dropped: number
}

/** A site that suddenly is wrong in a thousand places has one problem; the mildest findings beyond wait for the next scan. */
export const newFindingsMax = 1_000
/** Open threats that a complete scan said nothing about are asked for directly, this many at a time. */
const unansweredMax = 50

/** An index entry holds some 2,700 bytes; of a longer subject the hash tells it apart. */
const subjectLengthMax = 2_048

export function dedupeKey(rule: string, siteId: SiteId, subject: string): string {
  if (subject.length <= subjectLengthMax) return `${rule}:${siteId}:${subject}`
  return `${rule}:${siteId}:${subject.slice(0, 200)}#${createHash('sha256').update(subject).digest('hex')}`
}

/**
 * Applies what a scan saw: every decision, its rows and its events, in this one change. After an incomplete scan (`complete` false)
 * nothing follows from a verdict that is missing; after a complete one, an open threat without a verdict is looked at by itself.
 */
export async function recordVerdicts(
  change: Change,
  input: { siteId: SiteId; scanId: ScanId | null; verdicts: readonly SeenVerdict[]; complete: boolean },
): Promise<Recorded> {
  const site = await lockSite(change, input.siteId)
  const byKey = worstByKey(site.id, input.verdicts)
  const held = await lockHeld(change, site.id, [...byKey.keys()])
  const decided = await Promise.all(
    [...byKey].map(async ([key, verdict]) => {
      const before = held.get(key) ?? null
      const decision = await decideOn(change, site, before, verdict)
      return { key, verdict, held: before, decision, id: before?.id ?? newId('threat') }
    }),
  )
  const fresh = decided.filter((step) => !step.held && step.decision.to !== 'nothing')
  const mostSevere = fresh.toSorted((a, b) => bySeverity(a.verdict, b.verdict)).slice(0, newFindingsMax)
  const steps = await withCauses(change, site.id, [...decided.filter((step) => step.held), ...mostSevere])
  const kept = steps.filter((step) => !step.held)
  const known = steps.flatMap(({ held: before, ...step }) => (before ? [{ ...step, held: before }] : []))
  await tellingSummary(change, site.id, async () => {
    await insertFindings(
      change,
      site,
      kept.map((step) => newFinding(change, { siteId: site.id, scanId: input.scanId }, step)),
    )
    await applySteps(change, site, known)
    if (input.complete) await askUnanswered(change, site.id, [...byKey.keys()])
  })
  // Also when nothing here was doubted: the sites that were may have been deleted.
  await tellDoubtIsOver(change)
  const bad = [...known, ...kept].filter((step) => step.verdict.level === 'bad')
  const of = (...states: Decision['to'][]) => bad.filter((step) => states.includes(step.decision.to)).length
  return { threatsFound: of('active', 'acknowledged'), suspected: of('suspected'), dropped: fresh.length - kept.length }
}

/**
 * Records a look of a detector that holds the lease of it. `null`: the look could not be made, which is unknown. False: the lease is
 * lost, or somebody has decided by hand in the meantime.
 */
export async function recordLook(
  change: Change,
  input: { siteId: SiteId; threatId: ThreatId; token: string; verdict: SeenVerdict | null },
): Promise<boolean> {
  const site = await lockSite(change, input.siteId)
  const held = await lockLeased(change, input.threatId, input.token)
  if (!held) return false
  const verdict = input.verdict ?? { ...unmeasured, severity: held.severity }
  const decision = await decideOn(change, site, held, verdict)
  // What a rule says at a second look may be less than what the scan saw: both are what the threat is about.
  const about = { ...verdict, rule: held.rule, subject: held.subject, evidence: { ...held.evidence, ...verdict.evidence } }
  const causeId = decision.reason === 'confirm' ? causeOf(about, await listOpen(change, site.id)) : null
  await tellingSummary(change, site.id, () => applySteps(change, site, [{ held, verdict, decision, causeId }]))
  if (held.heldAt) await tellDoubtIsOver(change)
  return true
}

const unmeasured = {
  rule: '',
  subject: '',
  level: 'unknown',
  title: '',
  description: '',
  evidence: { error: 'The look could not be made.' },
  look: {},
} as const

/** Gives a look back unmade, so that another detector makes it at once. */
export async function releaseLook(change: Change, input: { threatId: ThreatId; token: string }): Promise<void> {
  await change.tx.query('update threat set lease_token = null, lease_until = null where id = $1 and lease_token = $2', [
    input.threatId,
    input.token,
  ])
}

type WatchedSite = Awaited<ReturnType<typeof lockSite>>
interface KnownStep {
  held: HeldThreat
  verdict: SeenVerdict
  decision: Decision
  causeId: ThreatId | null
}

/** A threat opens only if it is not one of so many that the fault may be ours; whoever is held is told so. */
async function decideOn(change: Change, site: WatchedSite, held: HeldThreat | null, verdict: SeenVerdict): Promise<Decision> {
  const { confirmation, baselineAt } = site
  const situation = { held, seen: verdict, baseline: baselineAt === null, confirmation, now: change.now }
  const decision = decide(situation)
  if (decision.reason !== 'confirm' || !held || verdict.conclusive) return decision
  const turned = await turnedAround(change, held.firstSeenAt)
  if (!isDoubtful(turned)) return decision
  const doubted = decide({ ...situation, doubtful: true })
  if (doubted.reason === 'hold') await tellDoubt(change, turned)
  return doubted
}

/** What opens is linked to the threat that explains it, and that is open or opens with it. Causes come before their effects. */
async function withCauses<Step extends { id: ThreatId; verdict: SeenVerdict; decision: Decision }>(
  change: Change,
  siteId: SiteId,
  steps: readonly Step[],
): Promise<(Step & { causeId: ThreatId | null })[]> {
  const inOrder = steps.toSorted((a, b) => causesFirst(a.verdict, b.verdict))
  const opening = inOrder.filter((step) => step.decision.reason === 'confirm')
  if (opening.length === 0) return inOrder.map((step) => ({ ...step, causeId: null }))
  const causes = [...(await listOpen(change, siteId)), ...opening.map(({ id, verdict }) => ({ ...verdict, id }))]
  return inOrder.map((step) => ({
    ...step,
    causeId: step.decision.reason === 'confirm' ? causeOf(step.verdict, causes) : null,
  }))
}

/** Two rules of thumb for one subject in one scan: bad outweighs ok, ok outweighs unknown; of two bad ones the more severe counts. */
function worstByKey(siteId: SiteId, verdicts: readonly SeenVerdict[]): Map<string, SeenVerdict> {
  const byKey = new Map<string, SeenVerdict>()
  for (const verdict of verdicts) {
    const key = dedupeKey(verdict.rule, siteId, verdict.subject)
    const other = byKey.get(key)
    if (!other || weight(verdict) > weight(other)) byKey.set(key, verdict)
  }
  return byKey
}

const weight = ({ level, severity }: SeenVerdict): number =>
  level === 'bad' ? 2 + severities.length - severities.indexOf(severity) : level === 'ok' ? 1 : 0

const bySeverity = (a: SeenVerdict, b: SeenVerdict): number => severities.indexOf(a.severity) - severities.indexOf(b.severity)

function newFinding(
  change: Change,
  from: { siteId: SiteId; scanId: ScanId | null },
  step: { id: ThreatId; key: string; verdict: SeenVerdict; decision: Decision; causeId: ThreatId | null },
): NewFinding {
  const { id, key, verdict, decision, causeId } = step
  const spec = ruleSpec(verdict.rule)
  if (!spec) throw new Error(`There is no rule ${verdict.rule}.`)
  return {
    ...from,
    id,
    rule: spec.id,
    type: spec.type,
    impact: estimatedImpact(spec.impact, verdict.evidence),
    action: spec.action,
    severity: verdict.severity,
    subject: verdict.subject,
    dedupeKey: key,
    title: verdict.title,
    description: verdict.description,
    state: decision.to,
    evidence: boundedEvidence(verdict.evidence, evidenceBytesMax),
    config: verdict.config ?? {},
    look: verdict.look,
    looks: [lookOf(change, verdict)],
    nextLookAt: decision.nextLookAt,
    causeId,
    importance: importanceOf(verdict.evidence) ?? ordinaryImportance,
  }
}

function lookOf(change: Change, verdict: SeenVerdict) {
  return { at: change.now.toISOString(), verdict: verdict.level, seen: boundedEvidence(verdict.evidence, lookBytesMax) }
}

async function applySteps(change: Change, site: WatchedSite, steps: readonly KnownStep[]): Promise<void> {
  // Before its time a suspicion takes no vote, and an accepted threat nothing at all: their rows stay as they are.
  const counted = steps.filter(({ decision }) => decision.reason !== 'too_early' && decision.reason !== 'accepted')
  await deleteThreats(
    change,
    counted.filter((step) => step.decision.to === 'nothing').map((step) => step.held.id),
  )
  await applyDecisions(
    change,
    site,
    counted
      .filter((step) => step.decision.to !== 'nothing')
      .map(({ held, verdict, decision, causeId }) => ({
        held,
        decision,
        causeId,
        importance: isNews(held, verdict, decision) ? importanceOf(verdict.evidence) : null,
        // What a flapping threat says of itself stays as it was told.
        bad:
          verdict.level === 'bad' && decision.reason !== 'flutter'
            ? { ...verdict, evidence: boundedEvidence(verdict.evidence, evidenceBytesMax) }
            : null,
        look: lookOf(change, verdict),
      })),
  )
}

/** A page matters a little more or less in every scan: that is told, and kept, with the next that is told of it anyway. */
function isNews(held: HeldThreat, seen: SeenVerdict, { reason }: Decision): boolean {
  if (held.state === 'suspected' || held.state === 'hygiene') return true
  const isSame = held.severity === seen.severity && held.title === seen.title && held.description === seen.description
  return seen.level === 'bad' && reason !== 'flutter' && !isSame
}

async function askUnanswered(change: Change, siteId: SiteId, answered: string[]): Promise<void> {
  await change.tx.query(
    `update threat set next_look_at = $2 where id in (
       select id from threat
       where site_id = $1 and state in ('active', 'acknowledged') and next_look_at is null and not (dedupe_key = any ($3))
       order by last_seen_at limit $4
     )`,
    [siteId, change.now, answered, unansweredMax],
  )
}
