import type { Maintenance, MaintenanceChanges, MaintenanceInput, MaintenanceStatus } from '@tocsin/contract/api/maintenances'
import {
  maintenanceCancelled,
  maintenanceCompleted,
  maintenanceReminded,
  maintenanceScheduled,
  maintenanceStarted,
  maintenanceUpdated,
} from '@tocsin/contract/events/maintenances'
import { type ComponentId, type MaintenanceId, newId, type SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { requireComponents, settleComponents } from '../components/components.ts'
import { wakeNotices } from '../notices/notices.ts'
import { requireSite } from '../sites/sites.ts'
import { isActive, isOver, type MaintenanceTimes, mayBecome, nextStep } from './lifecycle.ts'
import { type MaintenanceRow, maintenanceColumns, maintenanceView } from './maintenances.read.ts'

/** Of those to come: a window a week for a year, for several teams. */
const openMaintenancesMax = 500
/** Longer than that is no maintenance. */
const windowMsMax = 90 * 24 * 3_600_000

type Locked = MaintenanceRow & { remindedAt: Date | null }

export async function scheduleMaintenance(change: Change, input: MaintenanceInput): Promise<Maintenance> {
  const { tx, orgId, now } = change
  const { rows: counted } = await tx.query<{ count: number }>(
    `select count(*) as count from maintenance where status not in ('completed', 'cancelled')`,
  )
  if ((counted[0]?.count ?? 0) >= openMaintenancesMax)
    throw new Refusal('limit_reached', `An organisation plans ${openMaintenancesMax} maintenances at most.`)
  const startsAt = new Date(input.startsAt)
  const endsAt = new Date(input.endsAt)
  refuseWindow({ startsAt, endsAt }, now)
  await requireAffected(change, input)
  const id = newId('maintenance')
  // Too late to remind anybody: they are told of it now anyway.
  const remindedAt = startsAt.getTime() - input.remindMinutes * 60_000 <= now.getTime() ? now : null
  await tx.query(
    `insert into maintenance (id, org_id, title, description, status, starts_at, ends_at, remind_minutes, notify, reminded_at, created_at, updated_at)
     values ($1, $2, $3, $4, 'scheduled', $5, $6, $7, $8, $9, $10, $10)`,
    [id, orgId, input.title, input.description, startsAt, endsAt, input.remindMinutes, input.notify, remindedAt, now],
  )
  await setAffected(change, id, input)
  await planNext(change, id)
  const maintenance = maintenanceView(await readMaintenance(change, id))
  change.emit(maintenanceScheduled, { maintenance })
  return startsAt <= now ? await moveTo(change, await lock(change, id), 'in_progress') : maintenance
}

export async function updateMaintenance(
  change: Change,
  input: { maintenanceId: MaintenanceId; changes: MaintenanceChanges; ifVersion: number | null },
): Promise<Maintenance> {
  const before = await lock(change, input.maintenanceId)
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The maintenance was changed in the meantime: read it again.')
  if (isOver(before.status)) throw new Refusal('conflict', 'The maintenance is over.')
  const { changes } = input
  const wanted = wantedOf(before, changes)
  if (isSame(before, wanted)) return maintenanceView(before)
  if (before.status !== 'scheduled' && wanted.startsAt.getTime() !== before.startsAt.getTime())
    throw new Refusal('conflict', 'The maintenance has begun.')
  refuseWindow(wanted, change.now)
  await requireAffected(change, changes)
  const isMoved = wanted.startsAt.getTime() !== before.startsAt.getTime() || wanted.remindMinutes !== before.remindMinutes
  const isLate = wanted.startsAt.getTime() - wanted.remindMinutes * 60_000 <= change.now.getTime()
  await change.tx.query(
    `update maintenance set title = $2, description = $3, starts_at = $4, ends_at = $5, remind_minutes = $6, notify = $7,
       reminded_at = $8, updated_at = $9, version = version + 1 where id = $1`,
    [
      before.id,
      wanted.title,
      wanted.description,
      wanted.startsAt,
      wanted.endsAt,
      wanted.remindMinutes,
      wanted.notify,
      isMoved ? (isLate ? change.now : null) : before.remindedAt,
      change.now,
    ],
  )
  await setAffected(change, before.id, wanted)
  await planNext(change, before.id)
  const maintenance = maintenanceView(await readMaintenance(change, before.id))
  change.emit(maintenanceUpdated, { maintenance })
  const touched = new Set([...componentsOf(before), ...wanted.componentIds])
  if (isActive(before.status)) await settleComponents(change, { componentIds: [...touched] })
  return maintenance
}

/** By hand: start, verify, complete, cancel. What is so already is no error. */
export async function stepMaintenance(
  change: Change,
  input: { maintenanceId: MaintenanceId; to: Exclude<MaintenanceStatus, 'scheduled'> },
): Promise<Maintenance> {
  const before = await lock(change, input.maintenanceId)
  if (before.status === input.to) return maintenanceView(before)
  if (!mayBecome(before.status, input.to))
    throw new Refusal('conflict', `A maintenance that is ${before.status.replace('_', ' ')} cannot become ${input.to}.`)
  return moveTo(change, before, input.to)
}

/** Does what is due by now, one step after the other; false if another scheduler has done it. */
export async function advanceMaintenance(change: Change, input: { maintenanceId: MaintenanceId }): Promise<boolean> {
  const { rows } = await change.tx.query(
    'select id from maintenance where id = $1 and next_at <= $2 for no key update skip locked',
    [input.maintenanceId, change.now],
  )
  if (rows.length === 0) return false
  for (;;) {
    const row = await lock(change, input.maintenanceId)
    const next = nextStep(row)
    if (!next || next.at > change.now) return true
    if (next.step === 'remind') await remind(change, row)
    else await moveTo(change, row, next.step === 'start' ? 'in_progress' : 'completed')
  }
}

/** A reminder after the beginning would be none. */
async function remind(change: Change, row: Locked): Promise<void> {
  await change.tx.query('update maintenance set reminded_at = $2 where id = $1', [row.id, change.now])
  await planNext(change, row.id)
  if (row.startsAt > change.now) change.emit(maintenanceReminded, { maintenance: maintenanceView(row) })
}

const events = {
  in_progress: maintenanceStarted,
  verifying: maintenanceUpdated,
  completed: maintenanceCompleted,
  cancelled: maintenanceCancelled,
} as const

async function moveTo(change: Change, before: Locked, to: Exclude<MaintenanceStatus, 'scheduled'>): Promise<Maintenance> {
  await change.tx.query(
    `update maintenance set status = $2, started_at = case when $2 = 'in_progress' then $3::timestamptz else started_at end,
       completed_at = case when $4 then $3::timestamptz end, updated_at = $3, version = version + 1 where id = $1`,
    [before.id, to, change.now, isOver(to)],
  )
  await planNext(change, before.id)
  const maintenance = maintenanceView(await readMaintenance(change, before.id))
  change.emit(events[to], { maintenance })
  await settleComponents(change, { componentIds: componentsOf(before) })
  if (isOver(to)) await wakeNotices(change, { waitFor: [before.id], at: change.now })
  return maintenance
}

async function planNext(change: Change, id: MaintenanceId): Promise<void> {
  const next = nextStep(await readMaintenance(change, id))
  await change.tx.query('update maintenance set next_at = $2 where id = $1', [id, next?.at ?? null])
}

interface Affects {
  componentIds?: readonly ComponentId[] | undefined
  siteIds?: readonly SiteId[] | undefined
}

async function requireAffected(change: Change, { componentIds = [], siteIds = [] }: Affects): Promise<void> {
  await requireComponents(change, componentIds)
  for (const siteId of new Set(siteIds)) await requireSite(change.tx, siteId)
}

async function setAffected(change: Change, id: MaintenanceId, { componentIds = [], siteIds = [] }: Affects): Promise<void> {
  const { tx, orgId } = change
  await tx.query('delete from maintenance_component where maintenance_id = $1 and not component_id = any ($2)', [
    id,
    componentIds,
  ])
  await tx.query('delete from maintenance_site where maintenance_id = $1 and not site_id = any ($2)', [id, siteIds])
  await tx.query(
    `insert into maintenance_component (org_id, maintenance_id, component_id) select $1, $2, unnest($3::text[]) on conflict do nothing`,
    [orgId, id, componentIds],
  )
  await tx.query(
    `insert into maintenance_site (org_id, maintenance_id, site_id) select $1, $2, unnest($3::text[]) on conflict do nothing`,
    [orgId, id, siteIds],
  )
}

const componentsOf = (row: MaintenanceRow): ComponentId[] => row.components.map(({ componentId }) => componentId)

function wantedOf(before: MaintenanceRow, changes: MaintenanceChanges) {
  return {
    title: changes.title ?? before.title,
    description: changes.description ?? before.description,
    startsAt: changes.startsAt ? new Date(changes.startsAt) : before.startsAt,
    endsAt: changes.endsAt ? new Date(changes.endsAt) : before.endsAt,
    remindMinutes: changes.remindMinutes ?? before.remindMinutes,
    notify: changes.notify ?? before.notify,
    componentIds: changes.componentIds ? [...new Set(changes.componentIds)].sort() : componentsOf(before),
    siteIds: changes.siteIds ? [...new Set(changes.siteIds)].sort() : before.siteIds,
  }
}

function isSame(before: MaintenanceRow, wanted: ReturnType<typeof wantedOf>): boolean {
  const fields = ['title', 'description', 'remindMinutes', 'notify'] as const
  return (
    fields.every((field) => before[field] === wanted[field]) &&
    before.startsAt.getTime() === wanted.startsAt.getTime() &&
    before.endsAt.getTime() === wanted.endsAt.getTime() &&
    componentsOf(before).join() === wanted.componentIds.join() &&
    before.siteIds.join() === wanted.siteIds.join()
  )
}

function refuseWindow({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }, now: Date): void {
  if (endsAt <= startsAt) throw invalid('endsAt', 'Must be after startsAt.')
  if (endsAt <= now) throw invalid('endsAt', 'Must be in the future.')
  if (endsAt.getTime() - startsAt.getTime() > windowMsMax) throw invalid('endsAt', 'Must be within 90 days of startsAt.')
}

const invalid = (path: string, message: string) => new Refusal('invalid', message, { issues: [{ path, message }] })

const lockedColumns = `${maintenanceColumns}, maintenance.reminded_at as "remindedAt"`

async function lock(change: Change, id: MaintenanceId): Promise<Locked> {
  await change.tx.query('select id from maintenance where id = $1 for no key update', [id])
  return readMaintenance(change, id)
}

async function readMaintenance(change: Change, id: MaintenanceId): Promise<Locked & MaintenanceTimes> {
  const { rows } = await change.tx.query<Locked>(`select ${lockedColumns} from maintenance where maintenance.id = $1`, [id])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such maintenance.')
  return row
}
