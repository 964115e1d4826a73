import type { Org, updateOrg as updateOrgEndpoint } from '@tocsin/contract/api/orgs'
import { orgUpdated } from '@tocsin/contract/events/members'
import type { OrgId, UserId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import type { z } from 'zod'
import { addPresetRules } from '../alert-rules/alert-rules.ts'
import { addMember } from '../members/members.ts'
import { createStatusPage } from '../status-pages/status-pages.ts'

const dailyAlertLimit = 3
const dailyCriticalReserve = 3

export type OrgChanges = z.infer<NonNullable<(typeof updateOrgEndpoint)['body']>>

/** `change.orgId` is the id of the new org: its caller makes it with newId('org'). */
export async function createOrg(change: Change, input: { name: string; ownerId: UserId | null }): Promise<Org> {
  const { tx, orgId, now } = change
  await tx.query(
    'insert into org (id, name, daily_alert_limit, daily_critical_reserve, created_at, version) values ($1, $2, $3, $4, $5, 1)',
    [orgId, input.name, dailyAlertLimit, dailyCriticalReserve, now],
  )
  await tx.query('insert into journal_head (org_id) values ($1)', [orgId])
  await createStatusPage(change, { name: input.name })
  await addPresetRules(change)
  if (input.ownerId) await addMember(change, { userId: input.ownerId, role: 'owner' })
  return getOrg(tx, orgId)
}

export async function updateOrg(change: Change, input: { changes: OrgChanges; ifVersion: number | null }): Promise<Org> {
  const { tx, orgId } = change
  const { rows } = await tx.query<{ version: number }>('select version from org where id = $1 for update', [orgId])
  const version = rows[0]?.version
  if (version === undefined) throw new Refusal('not_found', 'No such org.')
  if (input.ifVersion !== null && input.ifVersion !== version)
    throw new Refusal('precondition_failed', 'The org has been changed in the meantime.')
  const { name, dailyAlertLimit, dailyCriticalReserve, uptimeThresholdPercent, dailyHour, webhookRetries } = input.changes
  await tx.query(
    `update org set name = coalesce($2, name), daily_alert_limit = coalesce($3, daily_alert_limit),
       daily_critical_reserve = coalesce($4, daily_critical_reserve), webhook_retries = coalesce($5, webhook_retries),
       uptime_threshold_percent = coalesce($6, uptime_threshold_percent), daily_hour = coalesce($7, daily_hour), version = version + 1
     where id = $1`,
    [
      orgId,
      name ?? null,
      dailyAlertLimit ?? null,
      dailyCriticalReserve ?? null,
      webhookRetries ?? null,
      uptimeThresholdPercent ?? null,
      dailyHour ?? null,
    ],
  )
  const org = await getOrg(tx, orgId)
  change.emit(orgUpdated, { org })
  return org
}

export interface OrgRow extends Omit<Org, 'createdAt'> {
  createdAt: Date
}

export const orgView = (row: OrgRow): Org => ({
  id: row.id,
  name: row.name,
  dailyAlertLimit: row.dailyAlertLimit,
  dailyCriticalReserve: row.dailyCriticalReserve,
  uptimeThresholdPercent: row.uptimeThresholdPercent,
  dailyHour: row.dailyHour,
  webhookRetries: row.webhookRetries,
  createdAt: row.createdAt.toISOString(),
  version: row.version,
})

export async function getOrg(sql: Sql, orgId: OrgId): Promise<Org> {
  const { rows } = await sql.query<OrgRow>(
    `select id, name, daily_alert_limit as "dailyAlertLimit", daily_critical_reserve as "dailyCriticalReserve",
       uptime_threshold_percent as "uptimeThresholdPercent", daily_hour as "dailyHour", webhook_retries as "webhookRetries",
       created_at as "createdAt", version
     from org where id = $1`,
    [orgId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such org.')
  return orgView(row)
}
