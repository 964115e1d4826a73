import type { Alert } from '@tocsin/contract/api/alerts'
import type { AlertId, AlertRuleId, SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { moveSnooze, snoozeOf } from '../notices/notices.ts'
import { type AlertRow, alertColumns, alertView } from './alerts.rows.ts'
import { steadied, turn } from './lifecycle.ts'
import { createRecorder, type Noted } from './record.ts'

interface ByHand {
  alertId: AlertId
  note: string | null
}

/** Somebody is on it. Doing so twice is not an error. */
export async function acknowledgeAlert(change: Change, { alertId, note }: ByHand): Promise<Alert> {
  const before = await lockAlert(change, alertId)
  if (before.state === 'resolved') throw new Refusal('conflict', 'The alert is over: there is nothing to be on.')
  return byHand(change, before, 'acknowledged', note)
}

/** The next time that what it is about begins, it opens again. */
export async function resolveAlert(change: Change, { alertId, note }: ByHand): Promise<Alert> {
  return byHand(change, await lockAlert(change, alertId), 'resolved', note)
}

async function byHand(change: Change, before: AlertRow, to: 'acknowledged' | 'resolved', note: string | null): Promise<Alert> {
  if (before.state === to) return alertView(before)
  const at = change.now
  const taken = turn(before, {
    ...before,
    transition: to === 'resolved' ? 'closed' : 'acknowledged',
    at,
    opens: false,
    cooldownSeconds: 0,
  })
  if (!taken) throw new Error('An open alert can be acknowledged and resolved.')
  const acknowledgedBy = to === 'acknowledged' ? change.actor : before.acknowledgedBy
  return save(
    change,
    { ...before, ...taken.life, flips: [...taken.life.flips], acknowledgedBy },
    { ...taken, at, actor: change.actor, note },
  )
}

const snoozeMsMax = 30 * 86_400_000

/** Nothing is told until then, unless it becomes worse; when it is over, it is told once more what is still open. */
export async function snoozeAlert(
  change: Change,
  input: ByHand & { until?: Date | undefined; minutes?: number | undefined },
): Promise<Alert> {
  const until = input.until ?? new Date(change.now.getTime() + (input.minutes ?? 0) * 60_000)
  const refuse = (message: string) => new Refusal('invalid', message, { issues: [{ path: 'until', message }] })
  if (until <= change.now) throw refuse('Must be in the future.')
  if (until.getTime() - change.now.getTime() > snoozeMsMax) throw refuse('Must be within thirty days.')
  const before = await lockAlert(change, input.alertId)
  if (before.state === 'resolved') throw new Refusal('conflict', 'The alert is over: there is nothing to snooze.')
  const isReminded = await moveSnooze(change, { alertId: before.id, until })
  return save(
    change,
    { ...before, snoozedUntil: until },
    {
      event: 'snoozed',
      steps: ['snoozed'],
      notice: isReminded ? null : { kind: 'reminder', cooldownUntil: null },
      dueAt: until,
      waitsFor: snoozeOf(before.id),
      at: change.now,
      actor: change.actor,
      note: input.note,
    },
  )
}

async function save(change: Change, row: AlertRow, noted: Noted): Promise<Alert> {
  const saved = { ...row, version: row.version + 1 }
  const recorder = createRecorder(change)
  recorder.note(saved, noted)
  await recorder.write()
  return alertView(saved)
}

async function lockAlert(change: Change, alertId: AlertId): Promise<AlertRow> {
  const { rows } = await change.tx.query<AlertRow>(`select ${alertColumns} from alert where id = $1 for no key update`, [alertId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such alert.')
  return row
}

/** Of one change. An org with more of them at once is done in several. */
const steadyMax = 500

/** Says of what has not changed for long enough that it has ceased to flap. How many. */
export async function calmAlerts(change: Change): Promise<number> {
  const { rows } = await change.tx.query<AlertRow>(
    `select ${alertColumns} from alert where org_id = $1 and flapping and steady_at <= $2
     order by id limit $3 for no key update skip locked`,
    [change.orgId, change.now, steadyMax],
  )
  const recorder = createRecorder(change)
  for (const before of rows) {
    const taken = steadied(before)
    const row = { ...before, ...taken.life, flips: [...taken.life.flips], version: before.version + 1 }
    recorder.note(row, { ...taken, at: change.now, actor: change.actor, note: null })
  }
  await recorder.write()
  return rows.length
}

/** What a rule over a metric has open ends with the rule, or with its question: nothing would ever close it. */
export const endAlertsOf = (change: Change, { ruleId, note }: { ruleId: AlertRuleId; note: string }): Promise<void> =>
  endAlerts(change, { which: `rule_id = $2 and key like 'metric:%'`, of: ruleId, note })

/** What is said of a site, its threats and its metrics ends with the site. A component outlives its site, and what is said of it too. */
export const endAlertsOfSite = (change: Change, { siteId, note }: { siteId: SiteId; note: string }): Promise<void> =>
  endAlerts(change, { which: `site_id = $2 and subject not like '%:cpt\\_%'`, of: siteId, note })

/** Of one statement: a site may have ten thousand open alerts. */
const endedMax = 1_000

async function endAlerts(change: Change, { which, of, note }: { which: string; of: string; note: string }): Promise<void> {
  const recorder = createRecorder(change)
  let after: string | null = ''
  while (after !== null) {
    const { rows }: { rows: AlertRow[] } = await change.tx.query<AlertRow>(
      `select ${alertColumns} from alert where org_id = $1 and ${which} and state <> 'resolved' and id > $3
       order by id limit $4 for no key update`,
      [change.orgId, of, after, endedMax],
    )
    for (const before of rows) {
      const at = change.now
      const taken = turn(before, { ...before, transition: 'closed', at, opens: false, cooldownSeconds: 0 })
      if (!taken) continue
      const row = { ...before, ...taken.life, flips: [...taken.life.flips], version: before.version + 1 }
      recorder.note(row, { ...taken, at, actor: change.actor, note })
    }
    after = rows.length < endedMax ? null : (rows.at(-1)?.id ?? null)
  }
  await recorder.write()
}
