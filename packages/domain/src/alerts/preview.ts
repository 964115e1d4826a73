import type { AlertCondition, AlertRule, AlertRuleInput, previewAlertRule } from '@tocsin/contract/api/alert-rules'
import { newId, type OrgId, type SiteId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'
import type { Sql } from '@tocsin/db/transaction'
import { readEvents, startOfNewest } from '@tocsin/journal/read'
import type { z } from 'zod'
import { judgeWindows, subjectsOf, type Window } from '../metrics/metrics.ts'
import { groupKeyOf } from './fingerprint.ts'
import { type Life, turn } from './lifecycle.ts'
import { opensFor, type WatchedSite } from './match.ts'
import { messagesOf, type ToTell, withinLimits } from './messages.ts'
import { isMetricRule, type MetricRule, metricSignal } from './metric-signal.ts'
import { type Signal, signalOf, signalTypes } from './signal.ts'

export type AlertRulePreview = z.infer<(typeof previewAlertRule)['answer']>

const dayMs = 86_400_000
const daysBack = 30
/** A busy org's month; more would be seconds of somebody's database. */
const eventsMax = 20_000
const eventsPerPage = 1_000
/** Values that are measured: subjects times windows. */
const valuesMax = 20_000
const alertsShown = 50

interface Shown {
  subject: string
  siteId: SiteId | null
  title: string
  severity: Severity
  triggeredAt: Date
  resolvedAt: Date | null
}

/** What a rule would have made of what has happened, by the same steps as if it had been there. Writes nothing. */
export async function previewRule(sql: Sql, input: { orgId: OrgId; rule: AlertRuleInput; now: Date }): Promise<AlertRulePreview> {
  const { orgId, now } = input
  const rule: AlertRule = {
    ...input.rule,
    id: newId('alertRule'),
    preset: null,
    nextEvaluationAt: null,
    createdAt: now.toISOString(),
    version: 1,
  }
  const since = new Date(now.getTime() - daysBack * dayMs)
  const replay = createReplay(rule)
  const org = await readOrg(sql, orgId)
  const seen = isMetricRule(rule)
    ? await replayWindows(sql, { rule, since, now, dailyHour: org.dailyHour }, replay)
    : await replayEvents(sql, { orgId, rule, since }, replay)
  const days = withinLimits(replay.messages(), org)
  return {
    from: (seen.from ?? since).toISOString(),
    to: now.toISOString(),
    events: seen.events,
    windows: seen.windows,
    cut: seen.cut,
    messages: days.reduce((sum, { messages }) => sum + messages, 0),
    days,
    ...replay.outcome(),
  }
}

interface OrgSettings {
  daily: number
  criticalReserve: number
  dailyHour: number
}

async function readOrg(sql: Sql, orgId: OrgId): Promise<OrgSettings> {
  const { rows } = await sql.query<OrgSettings>(
    `select daily_alert_limit as daily, daily_critical_reserve as "criticalReserve", daily_hour as "dailyHour" from org where id = $1`,
    [orgId],
  )
  const row = rows[0]
  if (!row) throw new Error('The org of this preview is gone.')
  return row
}

interface Seen {
  events: number
  windows: number
  cut: boolean
  /** Later than asked for, where there was too much. */
  from: Date | null
}

async function replayEvents(
  sql: Sql,
  { orgId, rule, since }: { orgId: OrgId; rule: AlertRule; since: Date },
  replay: Replay,
): Promise<Seen> {
  const start = await startOfNewest(sql, orgId, { types: signalTypes, since, limit: eventsMax })
  const { rows } = await sql.query<WatchedSite>('select id, name, url, tags from site')
  const sites = new Map(rows.map((site) => [site.id, site]))
  const seen: Seen = { events: 0, windows: 0, cut: start.cut, from: null }
  for (let { after } = start; seen.events < eventsMax; ) {
    const page = await readEvents(sql, orgId, after, eventsPerPage, signalTypes)
    for (const event of page) {
      const at = new Date(event.at)
      if (start.cut) seen.from ??= at
      after = event.seq
      seen.events += 1
      const signal = signalOf(event)
      const site = signal?.siteId ? (sites.get(signal.siteId) ?? null) : null
      if (signal) replay.see(signal, { at, opens: opensFor(rule, signal, site) })
    }
    if (page.length < eventsPerPage) break
  }
  return seen
}

async function replayWindows(
  sql: Sql,
  { rule, since, now, dailyHour }: { rule: MetricRule; since: Date; now: Date; dailyHour: number },
  replay: Replay,
): Promise<Seen> {
  const subjects = await subjectsOf(sql, rule)
  const all = windowsOf(rule.condition, { since, now, offsetMs: rule.condition.daily ? dailyHour * 3_600_000 : 0 })
  const windows = all.slice(-Math.max(1, Math.floor(valuesMax / Math.max(1, subjects.length))))
  const judged = await judgeWindows(sql, rule, { subjects, windows })
  for (const [index, { to }] of windows.entries())
    for (const { subject, verdicts } of judged) {
      const verdict = verdicts[index]
      const signal = verdict ? metricSignal(rule, subject, verdict) : null
      const again = rule.condition.daily ? 'day' : 'window'
      if (signal) replay.see(signal, { at: to, opens: signal.transition !== 'good', again })
    }
  const cut = windows.length < all.length
  return { events: 0, windows: windows.length, cut, from: cut ? (windows[0]?.from ?? null) : null }
}

/** Those that are over, on the grid of the pass that judges them. */
function windowsOf(
  { windowMinutes, daily }: AlertCondition,
  { since, now, offsetMs }: { since: Date; now: Date; offsetMs: number },
): Window[] {
  const lengthMs = windowMinutes * 60_000
  const stepMs = daily ? dayMs : lengthMs
  const windows: Window[] = []
  const lastMs = Math.floor((now.getTime() - offsetMs) / stepMs) * stepMs + offsetMs
  for (let toMs = lastMs; toMs - lengthMs >= since.getTime(); toMs -= stepMs)
    windows.push({ from: new Date(toMs - lengthMs), to: new Date(toMs) })
  return windows.reverse()
}

interface Replay {
  see(signal: Signal, seen: { at: Date; opens: boolean; again?: 'window' | 'day' }): void
  messages(): ReturnType<typeof messagesOf>
  outcome(): Pick<AlertRulePreview, 'triggered' | 'resolved' | 'stillOpen' | 'alerts'>
}

/** One rule speaks of each key with one voice, so the key stands for the fingerprint. */
function createReplay(rule: AlertRule): Replay {
  const lives = new Map<string, { life: Life; group: string; shown: Shown }>()
  const groups = new Map<string, ToTell[]>()
  const shown: Shown[] = []
  const counts = { triggered: 0, resolved: 0 }
  return {
    see(signal, { at, opens, again }) {
      const known = lives.get(signal.key)
      const severity = rule.severity ?? signal.severity
      const { transition, subject, key } = signal
      const { cooldownSeconds } = rule
      const taken = turn(known?.life ?? null, { transition, subject, severity, at, opens, again, cooldownSeconds })
      if (!taken) return
      const { life, event, kind, notice } = taken
      if (event === 'triggered') counts.triggered += 1
      if (event === 'resolved') counts.resolved += 1
      const alert: Shown =
        kind === 'opened' || !known
          ? { subject, siteId: signal.siteId, title: signal.title, severity, triggeredAt: at, resolvedAt: null }
          : Object.assign(known.shown, { severity: life.severity, resolvedAt: life.resolvedAt })
      if (kind === 'opened' && shown.length < alertsShown) shown.push(alert)
      const group = kind === 'opened' || !known ? groupKeyOf(rule, signal, severity) : known.group
      lives.set(key, { life, group, shown: alert })
      if (!notice) return
      const told = { at, fingerprint: key, kind: notice.kind, severity: life.severity, notBefore: notice.cooldownUntil }
      const notices = groups.get(group)
      if (notices) notices.push(told)
      else groups.set(group, [told])
    },
    messages: () => [...groups.values()].flatMap((notices) => messagesOf(notices, rule)),
    outcome: () => ({
      ...counts,
      stillOpen: [...lives.values()].filter(({ life }) => life.state !== 'resolved').length,
      alerts: shown.map(({ triggeredAt, resolvedAt, ...rest }) => ({
        ...rest,
        triggeredAt: triggeredAt.toISOString(),
        resolvedAt: resolvedAt?.toISOString() ?? null,
      })),
    }),
  }
}
