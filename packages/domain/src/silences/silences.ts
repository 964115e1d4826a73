import type { Silence, SilenceInput } from '@tocsin/contract/api/silences'
import { silenceCreated, silenceExpired } from '@tocsin/contract/events/silences'
import { newId, type SilenceId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { wakeNotices } from '../notices/notices.ts'
import { type SilenceRow, silenceColumns, silenceView } from './silences.read.ts'

/** Each is asked of every alert that is told of. Two creations at the very limit may both pass: nothing depends on it. */
const openSilencesMax = 500
/** What is to be quiet for longer is no matter of a silence but of a rule. */
const silenceMsMax = 90 * 24 * 3_600_000

export async function createSilence(change: Change, input: SilenceInput): Promise<Silence> {
  const startsAt = new Date(Math.max(change.now.getTime(), input.startsAt ? Date.parse(input.startsAt) : 0))
  const endsAt = new Date(input.endsAt)
  if (endsAt <= startsAt) throw invalid('Must be later than its beginning, and than now.')
  if (endsAt.getTime() > change.now.getTime() + silenceMsMax) throw invalid('Must be within ninety days.')
  const { rows: counted } = await change.tx.query<{ count: number }>(
    'select count(*) as count from silence where org_id = $1 and expired_at is null',
    [change.orgId],
  )
  if ((counted[0]?.count ?? 0) >= openSilencesMax)
    throw new Refusal('limit_reached', `An organisation has ${openSilencesMax} silences at a time at most.`)
  const { rows } = await change.tx.query<SilenceRow>(
    `insert into silence (id, org_id, matchers, comment, starts_at, ends_at, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     returning ${silenceColumns}`,
    [
      newId('silence'),
      change.orgId,
      JSON.stringify(input.matchers),
      input.comment,
      startsAt,
      endsAt,
      JSON.stringify(change.actor),
      change.now,
    ],
  )
  const silence = silenceView(only(rows))
  change.emit(silenceCreated, { silence })
  return silence
}

export async function expireSilence(change: Change, input: { silenceId: SilenceId }): Promise<Silence> {
  const before = await lockSilence(change, input.silenceId)
  return before.expiredAt ? silenceView(before) : expire(change, before)
}

export async function deleteSilence(change: Change, input: { silenceId: SilenceId }): Promise<void> {
  const before = await lockSilence(change, input.silenceId)
  if (!before.expiredAt) await expire(change, before)
  await change.tx.query('delete from silence where id = $1', [before.id])
}

/** Orgs with a silence whose time is over. */
export const orgsToExpire = 'select org_id as "orgId" from silences_to_expire($1, $2, $3)'

/** Whether there was one. */
export async function expireOldSilences(change: Change): Promise<boolean> {
  const { rows } = await change.tx.query<SilenceRow>(
    `select ${silenceColumns} from silence
     where org_id = $1 and expired_at is null and ends_at <= $2 order by ends_at for update skip locked`,
    [change.orgId, change.now],
  )
  for (const row of rows) await expire(change, row)
  return rows.length > 0
}

/** What it muted is looked at again at once. */
async function expire(change: Change, { id }: SilenceRow): Promise<Silence> {
  const { rows } = await change.tx.query<SilenceRow>(
    `update silence set expired_at = $2 where id = $1 returning ${silenceColumns}`,
    [id, change.now],
  )
  const silence = silenceView(only(rows))
  await wakeNotices(change, { waitFor: [id], at: change.now })
  change.emit(silenceExpired, { silence })
  return silence
}

async function lockSilence(change: Change, silenceId: SilenceId): Promise<SilenceRow> {
  const { rows } = await change.tx.query<SilenceRow>(
    `select ${silenceColumns} from silence where silence.id = $1 for no key update`,
    [silenceId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such silence.')
  return row
}

function only(rows: readonly SilenceRow[]): SilenceRow {
  const row = rows[0]
  if (!row) throw new Error('The silence that was just written is gone.')
  return row
}

const invalid = (message: string): Refusal => new Refusal('invalid', message, { issues: [{ path: 'endsAt', message }] })
