import type { Look } from '@tocsin/contract/api/threats'
import type { EventDefinition } from '@tocsin/contract/event'
import { threatDetected, threatFlapped, threatResolved, threatUpdated } from '@tocsin/contract/events/threats'
import type { ScanId, SiteId, ThreatId } from '@tocsin/contract/ids'
import type { Severity, ThreatType } from '@tocsin/contract/rule'
import type { Change } from '@tocsin/journal/change'
import { storableJson } from '../storable-json.ts'
import type { OpenThreat } from './causes.ts'
import type { Evidence } from './evidence.ts'
import type { Decision, Held } from './situation.ts'
import { type ThreatRow, threatColumns, threatView } from './threats.read.ts'

/** The row behind a key, as the rules want to know it. */
export interface HeldThreat extends Held {
  id: ThreatId
  dedupeKey: string
  rule: string
  subject: string
  evidence: Evidence
  title: string
  description: string
}

const heldColumns = `id, dedupe_key as "dedupeKey", title, description, state, severity, first_seen_at as "firstSeenAt",
  ok_since as "okSince", next_look_at as "nextLookAt", flips, flapping, held_at as "heldAt", rule, subject, evidence, jsonb_path_query_array(looks, '$[*].verdict') as looks`

/** One query for all keys. */
export async function lockHeld(change: Change, siteId: SiteId, keys: string[]): Promise<Map<string, HeldThreat>> {
  const { rows } = await change.tx.query<HeldThreat>(
    `select ${heldColumns} from threat where site_id = $1 and state <> 'resolved' and dedupe_key = any ($2) order by id for update`,
    [siteId, keys],
  )
  return new Map(rows.map((row) => [row.dedupeKey, row]))
}

export async function lockLeased(change: Change, threatId: ThreatId, token: string): Promise<HeldThreat | null> {
  const { rows } = await change.tx.query<HeldThreat>(
    `select ${heldColumns} from threat where id = $1 and lease_token = $2 and state <> 'resolved' for update`,
    [threatId, token],
  )
  return rows[0] ?? null
}

/** More open threats than anybody reads; one of the oldest is the likelier cause. */
const causesMax = 1_000

/** Open threats of a site, the oldest first. */
export async function listOpen(change: Change, siteId: SiteId): Promise<OpenThreat[]> {
  const { rows } = await change.tx.query<OpenThreat>(
    `select id, rule, subject, evidence from threat where site_id = $1 and state in ('active', 'acknowledged')
     order by first_seen_at limit $2`,
    [siteId, causesMax],
  )
  return rows
}

export interface NewFinding {
  id: ThreatId
  siteId: SiteId
  scanId: ScanId | null
  rule: string
  type: ThreatType
  severity: Severity
  subject: string
  dedupeKey: string
  title: string
  description: string
  impact: string
  action: string
  state: Decision['to']
  evidence: Evidence
  config: object
  look: object
  looks: Look[]
  nextLookAt: Date | null
  causeId: ThreatId | null
  importance: number
}

/** A finding with evidence may have 36 KB. */
const rowsPerStatement = 100

/** Those that open at once are told. */
export async function insertFindings(
  change: Change,
  site: { id: SiteId; name: string; url: string },
  findings: readonly NewFinding[],
): Promise<void> {
  for (const chunk of chunks(findings)) {
    const { rows } = await change.tx.query<ThreatRow>(
      `insert into threat (id, org_id, site_id, scan_id, rule, type, severity, subject, dedupe_key, title, description, impact, action,
         state, evidence, judged_config, judged_at, look, looks, next_look_at, cause_id, importance, flips,
         first_seen_at, last_seen_at)
       select new.id, $1, new."siteId", new."scanId", new.rule, new.type, new.severity, new.subject, new."dedupeKey", new.title,
         new.description, new.impact, new.action, new.state, new.evidence, new.config, $2::timestamptz, new.look, new.looks, new."nextLookAt", new."causeId", new.importance,
         coalesce((
           select case when new.state = 'active' and t.flips <> '{}' then t.flips || $2::timestamptz else t.flips end from threat t
           where t.site_id = new."siteId" and t.dedupe_key = new."dedupeKey" and t.state = 'resolved' and t.resolved_at > $2::timestamptz - interval '1 day'
           order by t.resolved_at desc limit 1
         ), '{}'), $2::timestamptz, $2::timestamptz
       from jsonb_to_recordset($3) as new (id text, "siteId" text, "scanId" text, rule text, type text, severity text, subject text,
         "dedupeKey" text, title text, description text, impact text, action text, state text, evidence jsonb, config jsonb, look jsonb, looks jsonb,
         "nextLookAt" timestamptz, "causeId" text, importance real)
       returning ${threatColumns}`,
      [change.orgId, change.now, storableJson(chunk)],
    )
    for (const row of rows)
      if (row.state === 'active') change.emit(threatDetected, { threat: threatView(row), site: siteOf(site) })
  }
}

export async function deleteThreats(change: Change, ids: ThreatId[]): Promise<void> {
  if (ids.length > 0) await change.tx.query('delete from threat where id = any ($1)', [ids])
}

export interface Step {
  held: HeldThreat
  decision: Decision
  /** Set when the fault was seen: what it now says about itself. */
  bad: { severity: Severity; title: string; description: string; evidence: Evidence; config?: object; look: object } | null
  look: Look
  /** Of one that opens. */
  causeId: ThreatId | null
  importance: number | null
}

export const looksMax = 20

/** Whatever was being looked at when this was decided is decided: the lease goes. */
export async function applyDecisions(
  change: Change,
  site: { id: SiteId; name: string; url: string },
  steps: readonly Step[],
): Promise<void> {
  for (const chunk of chunks(steps)) {
    const { rows } = await change.tx.query<ThreatRow>(
      `update threat set state = new.state, ok_since = new."okSince", next_look_at = new."nextLookAt", lease_token = null, lease_until = null,
         resolved_at = case when new.state = 'resolved' then $1::timestamptz end,
         changed_by = case when new.state = 'resolved' then $2::jsonb else changed_by end,
         severity = coalesce(new.severity, threat.severity), title = coalesce(new.title, threat.title),
         description = coalesce(new.description, threat.description), evidence = coalesce(new.evidence, threat.evidence),
         judged_config = coalesce(new.config, threat.judged_config),
         judged_at = case when new.severity is null then judged_at else $1 end,
         look = coalesce(new."lookTarget", threat.look),
         flips = new.flips, flapping = new.flapping, held_at = case when new.held then $1 else held_at end,
         cause_id = coalesce(new."causeId", cause_id), importance = coalesce(new.importance, threat.importance),
         occurrences = occurrences + case when new.severity is null then 0 else 1 end,
         last_seen_at = case when new.severity is null then last_seen_at else $1 end,
         looks = (case when new.afresh then '[]' when jsonb_array_length(looks) >= $4 then looks - 0 else looks end) || new.look
       from jsonb_to_recordset($3) as new (id text, state text, "okSince" timestamptz, "nextLookAt" timestamptz, severity text, title text,
         description text, evidence jsonb, config jsonb, "lookTarget" jsonb, look jsonb, afresh boolean,
         flips timestamptz[], flapping text, held boolean, "causeId" text, importance real)
       where threat.id = new.id
       returning ${threatColumns}`,
      [change.now, JSON.stringify(change.actor), storableJson(chunk.map(rowOf)), looksMax],
    )
    tell(change, site, chunk, rows)
  }
}

function rowOf({ held, decision, bad, look, causeId, importance }: Step) {
  return {
    id: held.id,
    state: decision.to,
    okSince: decision.okSince,
    nextLookAt: decision.nextLookAt,
    severity: bad?.severity,
    title: bad?.title,
    description: bad?.description,
    evidence: bad?.evidence,
    config: bad?.config,
    lookTarget: bad?.look,
    look,
    // The votes of a suspicion are its own: what was seen while it was hygiene, or while we doubted ourselves, has no say.
    afresh: decision.reason === 'hygiene_worsened' || decision.reason === 'hold',
    flips: decision.flips,
    flapping: decision.flapping,
    held: decision.reason === 'hold',
    causeId,
    importance,
  }
}

/** Only what a viewer would see differently is an event; that a fault is still there is a row. */
function tell(change: Change, site: { id: SiteId; name: string; url: string }, steps: readonly Step[], rows: ThreatRow[]): void {
  const after = new Map(rows.map((row) => [row.id, row]))
  for (const { held, decision } of steps) {
    const row = after.get(held.id)
    if (!row) throw new Error('A locked threat is gone.')
    const event = eventOf(held, decision, row)
    if (event) change.emit(event, { threat: threatView(row), site: siteOf(site) })
  }
}

/** Of a locked row, what an event shows. */
const siteOf = ({ id, name, url }: { id: SiteId; name: string; url: string }) => ({ id, name, url })

function eventOf(
  held: HeldThreat,
  decision: Decision,
  row: ThreatRow,
): EventDefinition<string, typeof threatUpdated.data> | null {
  if (decision.reason === 'confirm') return threatDetected
  if (decision.reason === 'flap') return threatFlapped
  if (decision.reason === 'steady') return threatUpdated
  if (decision.reason === 'resolve') return threatResolved
  if (decision.to !== 'active' && decision.to !== 'acknowledged') return null
  const same = held.severity === row.severity && held.title === row.title && held.description === row.description
  return same ? null : threatUpdated
}

function* chunks<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let from = 0; from < items.length; from += rowsPerStatement) yield items.slice(from, from + rowsPerStatement)
}
