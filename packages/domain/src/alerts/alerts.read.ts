import type { Alert, AlertDecision, AlertDetail, AlertState, AlertStep } from '@tocsin/contract/api/alerts'
import type { AlertDecisionId, AlertId, AlertNoticeId, AlertRuleId, DeliveryId, SiteId } from '@tocsin/contract/ids'
import type { DecisionReason, NoticeKind } from '@tocsin/contract/notice'
import { Refusal } from '@tocsin/contract/refusal'
import type { Severity } from '@tocsin/contract/rule'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'
import { type AlertRow, alertColumns, alertView } from './alerts.rows.ts'

export interface AlertFilters extends PageRequest {
  state?: AlertState | 'open' | undefined
  severity?: Severity | undefined
  siteId?: SiteId | undefined
  alertRuleId?: AlertRuleId | undefined
}

/** Latest triggered first. */
export async function listAlerts(sql: Sql, filters: AlertFilters): Promise<Page<Alert>> {
  const { follows, order } = keyset(filters, 'triggered_at', 'id')
  const { rows } = await sql.query<AlertRow>(
    `select ${alertColumns} from alert
     where ${follows}
       and (case $3 when 'open' then state <> 'resolved' else $3::text is null or state = $3 end)
       and ($4::text is null or severity = $4) and ($5::text is null or site_id = $5) and ($6::text is null or rule_id = $6)
     order by ${order} limit $7`,
    [
      ...positionValues(filters),
      filters.state ?? null,
      filters.severity ?? null,
      filters.siteId ?? null,
      filters.alertRuleId ?? null,
      filters.limit + 1,
    ],
  )
  return pageOfRows(rows, filters, (row) => ({ at: row.triggeredAt, id: row.id }), alertView)
}

/** Of an alert that comes and goes for months, the older ones have nothing to say any more. */
const stepsMax = 100

export async function getAlert(sql: Sql, alertId: AlertId): Promise<AlertDetail> {
  const { rows } = await sql.query<AlertRow & { inhibitedBy: string | null }>(
    `select ${alertColumns}, (
       select o.subject from alert o
       where o.org_id = alert.org_id and o.outage and o.state <> 'resolved' and o.subject = any (alert.parents) and o.subject <> alert.subject
       order by o.triggered_at limit 1
     ) as "inhibitedBy"
     from alert where id = $1`,
    [alertId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such alert.')
  const { rows: steps } = await sql.query<Omit<AlertStep, 'at'> & { at: Date }>(
    'select at, step, actor, note from alert_step where alert_id = $1 order by number desc limit $2',
    [alertId, stepsMax],
  )
  return {
    ...alertView(row),
    inhibitedBy: row.state === 'resolved' ? null : row.inhibitedBy,
    facts: row.facts,
    steps: steps.toReversed().map(({ at, ...step }) => ({ at: at.toISOString(), ...step })),
  }
}

interface DecisionRow {
  id: AlertDecisionId
  alertId: AlertId
  noticeId: AlertNoticeId | null
  at: Date
  receiverKind: AlertDecision['receiver']['kind']
  receiverId: string | null
  receiverName: string
  notice: NoticeKind
  verdict: AlertDecision['verdict']
  reason: DecisionReason
  detail: string | null
  until: Date | null
  deliveryId: DeliveryId | null
}

/** Newest first. */
export async function listAlertDecisions(sql: Sql, input: PageRequest & { alertId: AlertId }): Promise<Page<AlertDecision>> {
  const { rows: found } = await sql.query('select id from alert where id = $1', [input.alertId])
  if (found.length === 0) throw new Refusal('not_found', 'No such alert.')
  const { follows, order } = keyset(input, 'at', 'id')
  const { rows } = await sql.query<DecisionRow>(
    `select id, alert_id as "alertId", notice_id as "noticeId", at, receiver_kind as "receiverKind", receiver_id as "receiverId",
       receiver_name as "receiverName", notice, verdict, reason, detail, until, delivery_id as "deliveryId"
     from alert_decision
     where ${follows} and alert_id = $3
     order by ${order} limit $4`,
    [...positionValues(input), input.alertId, input.limit + 1],
  )
  return pageOfRows(rows, input, ({ at, id }) => ({ at, id }), decisionView)
}

const decisionView = ({ receiverKind, receiverId, receiverName, ...row }: DecisionRow): AlertDecision => ({
  ...row,
  at: row.at.toISOString(),
  until: row.until?.toISOString() ?? null,
  receiver: { kind: receiverKind, id: receiverId, name: receiverName },
})
