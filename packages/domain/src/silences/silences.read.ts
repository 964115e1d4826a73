import type { Silence } from '@tocsin/contract/api/silences'
import type { SilenceId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'
import { type Mutable, matches } from './match.ts'

export interface SilenceRow extends Omit<Silence, 'startsAt' | 'endsAt' | 'createdAt' | 'expiredAt'> {
  startsAt: Date
  endsAt: Date
  createdAt: Date
  expiredAt: Date | null
}

export const silenceColumns = `silence.id, silence.matchers, silence.comment, silence.starts_at as "startsAt", silence.ends_at as "endsAt",
  silence.created_by as "createdBy", silence.created_at as "createdAt", silence.expired_at as "expiredAt"`

export const silenceView = (row: SilenceRow): Silence => ({
  ...row,
  startsAt: row.startsAt.toISOString(),
  endsAt: row.endsAt.toISOString(),
  createdAt: row.createdAt.toISOString(),
  expiredAt: row.expiredAt?.toISOString() ?? null,
})

export async function listSilences(
  sql: Sql,
  request: PageRequest & { state?: 'open' | 'expired' | undefined },
): Promise<Page<Silence>> {
  const { follows, order } = keyset(request, 'silence.created_at', 'silence.id')
  const { rows } = await sql.query<SilenceRow>(
    `select ${silenceColumns} from silence
     where ${follows} and ($4::text is null or (silence.expired_at is null) = ($4 = 'open'))
     order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1, request.state ?? null],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), silenceView)
}

export async function getSilence(sql: Sql, silenceId: SilenceId): Promise<Silence> {
  const { rows } = await sql.query<SilenceRow>(`select ${silenceColumns} from silence where silence.id = $1`, [silenceId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such silence.')
  return silenceView(row)
}

/** What mutes at this moment. None of them ends before the change commits: what waits for its end would not be woken. */
export async function activeSilences(
  sql: Sql,
  now: Date,
): Promise<{ id: SilenceId; endsAt: Date; mutes(alert: Mutable): boolean }[]> {
  const { rows } = await sql.query<SilenceRow>(
    `select ${silenceColumns} from silence
     where silence.expired_at is null and silence.starts_at <= $1 and silence.ends_at > $1 order by silence.ends_at, silence.id for share`,
    [now],
  )
  return rows.map(({ id, endsAt, matchers }) => ({ id, endsAt, mutes: (alert) => matches(matchers, alert) }))
}
