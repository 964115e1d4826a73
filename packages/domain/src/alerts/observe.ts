import type { Actor } from '@tocsin/contract/actor'
import type { AlertRule } from '@tocsin/contract/api/alert-rules'
import { type AlertRuleId, newId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'
import type { Change } from '@tocsin/journal/change'
import { type AlertRow, alertColumns, groupRuleOf } from './alerts.rows.ts'
import { fingerprintOf, groupKeyOf } from './fingerprint.ts'
import { calm } from './flapping.ts'
import { turn } from './lifecycle.ts'
import type { WatchedSite } from './match.ts'
import { createRecorder, type Recorder } from './record.ts'
import type { Signal } from './signal.ts'

export type SpeakingRule = Pick<AlertRule, 'id' | 'name' | 'filter' | 'severity' | 'groupBy' | 'cooldownSeconds'>

/** Something that was seen, and the rules that would open an alert for it. */
export interface Observation {
  readonly signal: Signal
  readonly at: Date
  readonly actor: Actor
  readonly site: WatchedSite | null
  readonly openedBy: readonly SpeakingRule[]
  /** Of a metric: the rule that asks for it. What others make of the same metric is theirs to say. */
  readonly ofRule?: AlertRuleId
  /** Of a metric: it may only be as it was in the window before. */
  readonly again?: 'window' | 'day'
  /** Of a rule that is judged once a day: which day this is. */
  readonly day?: string
}

/**
 * Applies observations in order: each goes to every alert about its subject, and to the rules that would open one. A handful of
 * statements, however many of either there are.
 */
export async function observe(
  change: Change,
  observations: readonly Observation[],
  rules: ReadonlyMap<string, SpeakingRule>,
): Promise<void> {
  if (observations.length === 0) return
  const latest = await readLatest(change, observations)
  const byKey = new Map<string, Set<string>>()
  for (const row of latest.values()) addTo(byKey, row.key, row.fingerprint)
  const recorder = createRecorder(change)
  for (const observation of observations) {
    const { key } = observation.signal
    const openers = new Map(observation.openedBy.map((rule) => [fingerprintOf(change.orgId, rule.id, key), rule]))
    const { ofRule } = observation
    const about = ofRule ? [fingerprintOf(change.orgId, ofRule, key)] : (byKey.get(key) ?? [])
    for (const fingerprint of new Set([...openers.keys(), ...about])) {
      const before = latest.get(fingerprint) ?? null
      const opener = openers.get(fingerprint) ?? null
      const rule = opener ?? rules.get(before?.ruleId ?? '') ?? null
      const row = apply({ before, observation, rule, opens: opener !== null, fingerprint }, recorder)
      if (!row) continue
      latest.set(fingerprint, row)
      addTo(byKey, key, fingerprint)
    }
  }
  await recorder.write()
}

function addTo(byKey: Map<string, Set<string>>, key: string, fingerprint: string): void {
  const known = byKey.get(key)
  if (known) known.add(fingerprint)
  else byKey.set(key, new Set([fingerprint]))
}

/** By fingerprint: what is open or flaps about these subjects, whatever its rule; and the last of those that may be opened again. */
async function readLatest(change: Change, observations: readonly Observation[]): Promise<Map<string, AlertRow>> {
  const keys = new Set(observations.map(({ signal }) => signal.key))
  const fingerprints = new Set(
    observations.flatMap(({ signal, openedBy }) => openedBy.map(({ id }) => fingerprintOf(change.orgId, id, signal.key))),
  )
  const { rows } = await change.tx.query<AlertRow>(
    `select ${alertColumns} from alert
     where alert.id in (
       select id from alert where org_id = $1 and key = any ($2) and (state <> 'resolved' or flapping)
       union
       select l.id from unnest($3::text[]) f (fingerprint)
       cross join lateral (
         select id from alert a where a.org_id = $1 and a.fingerprint = f.fingerprint order by a.triggered_at desc, a.id desc limit 1
       ) l
     )
     order by alert.id
     for no key update`,
    [change.orgId, [...keys], [...fingerprints]],
  )
  // Of two with the same fingerprint the one that is open counts, else the later one.
  const latest = new Map<string, AlertRow>()
  for (const row of rows.toSorted(byLife)) latest.set(row.fingerprint, row)
  return latest
}

const byLife = (a: AlertRow, b: AlertRow): number =>
  Number(a.state !== 'resolved') - Number(b.state !== 'resolved') || a.triggeredAt.getTime() - b.triggeredAt.getTime()

interface Applied {
  before: AlertRow | null
  observation: Observation
  /** Null: it is gone; what it opened can still change and end. */
  rule: SpeakingRule | null
  opens: boolean
  fingerprint: string
}

function apply({ before, observation, rule, opens, fingerprint }: Applied, recorder: Recorder): AlertRow | null {
  const { signal, at, actor, day, again } = observation
  const { transition, subject } = signal
  const severity = rule?.severity ?? signal.severity
  // What spoke of it today has said it, even if somebody closed it since.
  if (day !== undefined && before?.day === day && transition !== 'good') return null
  const taken = turn(before, { transition, subject, severity, at, opens, again, cooldownSeconds: rule?.cooldownSeconds ?? 0 })
  if (!taken) return null
  const base = taken.kind === 'opened' && rule ? newRow(rule, observation, { fingerprint, severity }) : before
  if (!base) throw new Error('An alert was changed that is not there.')
  const row: AlertRow = {
    ...base,
    // At run time a life carries all of the row that it was made from: what is new comes after it.
    ...taken.life,
    // What is over, or in somebody's hands, is still what it was.
    ...(transition === 'bad' || transition === 'update' ? describe(base, observation, taken.life.severity) : {}),
    flips: [...taken.life.flips],
    acknowledgedBy: taken.event === 'acknowledged' ? actor : base.acknowledgedBy,
    day: day ?? base.day,
    version: base.version + 1,
  }
  recorder.note(row, { ...taken, at, actor, note: null })
  return row
}

function newRow(
  rule: SpeakingRule,
  { signal, site, at }: Observation,
  { fingerprint, severity }: { fingerprint: string; severity: Severity },
): AlertRow {
  const { key, subject, source, title } = signal
  return {
    ...calm,
    flips: [],
    id: newId('alert'),
    ruleId: rule.id,
    ruleName: rule.name,
    fingerprint,
    key,
    subject,
    parents: [],
    outage: false,
    siteId: site?.id ?? null,
    labels: {},
    tags: [],
    source,
    title,
    facts: { ...signal.facts, site: null },
    severity,
    state: 'triggered',
    snoozedUntil: null,
    groupKey: groupKeyOf(rule, signal, severity),
    day: null,
    occurrences: 1,
    triggeredAt: at,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    version: 0,
  }
}

type Described = Pick<AlertRow, 'parents' | 'outage' | 'labels' | 'tags' | 'source' | 'title' | 'facts'>

function describe(base: AlertRow, { signal, site }: Observation, severity: Severity): Described {
  const ruleId = groupRuleOf(base)
  return {
    parents: [...signal.parents],
    outage: signal.outage,
    labels: {
      severity,
      type: signal.topic,
      source: signal.source,
      subject: signal.subject,
      ...(ruleId ? { rule: ruleId } : {}),
      ...(signal.detection ? { detection: signal.detection } : {}),
      ...(site ? { site: site.id } : {}),
    },
    tags: [...(site?.tags ?? [])],
    source: signal.source,
    title: signal.title,
    facts: { ...signal.facts, site: site ? { id: site.id, name: site.name, url: site.url } : null },
  }
}

/** What a rule over a metric has open, some of which it may no longer watch. */
export async function openKeys({ tx, orgId }: Change, ruleId: AlertRuleId): Promise<string[]> {
  const { rows } = await tx.query<{ key: string }>(
    `select key from alert where org_id = $1 and rule_id = $2 and state <> 'resolved' order by id`,
    [orgId, ruleId],
  )
  return rows.map(({ key }) => key)
}
