import type { Actor } from '@tocsin/contract/actor'
import type { Envelope } from '@tocsin/contract/event'
import type { OrgId } from '@tocsin/contract/ids'
import type { Finish } from '@tocsin/db/transaction'

export type Draft = { type: string; data: unknown }

/**
 * Numbers the drafts, writes them and commits. The org's head row is locked from here to the commit and not before: so if event n can be
 * seen, every event below n can be seen too, and other changes of the org wait as short as possible. An org without a head row gives
 * the first draft no number, which the table refuses, so that nothing is committed.
 */
export async function appendAndCommit(
  finish: Finish,
  by: { orgId: OrgId; actor: Actor; now: Date },
  drafts: readonly Draft[],
): Promise<Envelope[]> {
  if (drafts.length === 0) return []
  const rows = await finish<{ seq: number }>(
    `with head as (update journal_head set seq = seq + $2 where org_id = $1 returning seq - $2 as base)
     insert into event (org_id, seq, type, at, actor, data)
     select $1, (select base from head) + draft.n, draft.type, $3, $4, draft.data
     from unnest($5::text[], $6::jsonb[]) with ordinality as draft (type, data, n)
     returning seq`,
    [
      by.orgId,
      drafts.length,
      by.now,
      JSON.stringify(by.actor),
      drafts.map((draft) => draft.type),
      drafts.map((draft) => JSON.stringify(draft.data)),
    ],
  )
  const last = rows.at(-1)?.seq
  if (rows.length !== drafts.length || last === undefined)
    throw new Error(`The journal of ${by.orgId} took other than was appended.`)
  const at = by.now.toISOString()
  return drafts.map((draft, index) => ({
    seq: last - drafts.length + 1 + index,
    type: draft.type,
    orgId: by.orgId,
    at,
    actor: by.actor,
    data: draft.data,
  }))
}
