import { createHash } from 'node:crypto'
import type { OrgId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Database } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import type { SecretBox } from '@tocsin/process/secret-box'

/** A request that may come again: whose it is, the key its sender chose, and what it asks for. */
export interface RepeatableRequest {
  orgId: OrgId
  credentialId: string
  key: string
  /** Anything that is the same for the same request and differs for another one. */
  request: unknown
}

/** Answers are kept this long. */
const keptMs = 24 * 60 * 60_000

/**
 * Runs `work` once for each key. The answer is written in the transaction of the work itself: either both are there or neither, so a
 * process that dies in between leaves nothing to clean up. Answers are sealed, for some hold a secret that is shown only once.
 */
export async function once<Answer>(
  change: Change,
  box: SecretBox,
  request: RepeatableRequest,
  work: () => Promise<Answer>,
): Promise<Answer> {
  await takeTurn(change.tx, request)
  const stored = await find<Answer>(change.tx, box, request, change.now)
  if (stored) return stored.answer
  const answer = await work()
  await change.tx.query(
    `insert into idempotency (org_id, credential_id, key, request_hash, answer, created_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (org_id, credential_id, key) do update
     set request_hash = excluded.request_hash, answer = excluded.answer, created_at = excluded.created_at`,
    [
      request.orgId,
      request.credentialId,
      request.key,
      hashOf(request.request),
      box.seal(JSON.stringify({ answer }), contextOf(request)),
      change.now,
    ],
  )
  return answer
}

/** The answer given before, so that a repetition need not go through what comes before the work. */
export async function answerGiven<Answer>(
  db: Database,
  box: SecretBox,
  request: RepeatableRequest,
  now: Date,
): Promise<{ answer: Answer } | null> {
  return db.transaction({ orgId: request.orgId }, (sql) => find<Answer>(sql, box, request, now), 'snapshot')
}

/** How many answers were forgotten, `limit` at most. */
export async function forgetOldAnswers(sql: Sql, now: Date, limit: number): Promise<number> {
  const { rows } = await sql.query<{ gone: number }>('select delete_idempotency_before($1, $2) as gone', [
    new Date(now.getTime() - keptMs),
    limit,
  ])
  return rows[0]?.gone ?? 0
}

/** Held to the end of the transaction. Waiting for it would keep a connection for as long as the first request takes. */
async function takeTurn(tx: Sql, request: RepeatableRequest): Promise<void> {
  const { rows } = await tx.query<{ taken: boolean }>('select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as taken', [
    contextOf(request),
  ])
  if (!rows[0]?.taken)
    throw new Refusal('conflict', 'The first request with this Idempotency-Key is still at work.', { retryAfterSeconds: 1 })
}

async function find<Answer>(sql: Sql, box: SecretBox, request: RepeatableRequest, now: Date): Promise<{ answer: Answer } | null> {
  const { rows } = await sql.query<{ requestHash: string; answer: string }>(
    `select request_hash as "requestHash", answer from idempotency
     where org_id = $1 and credential_id = $2 and key = $3 and created_at > $4`,
    [request.orgId, request.credentialId, request.key, new Date(now.getTime() - keptMs)],
  )
  const row = rows[0]
  if (!row) return null
  if (row.requestHash !== hashOf(request.request))
    throw new Refusal('invalid', 'This Idempotency-Key was used for another request.', {
      issues: [{ path: 'Idempotency-Key', message: 'Used for another request.' }],
    })
  // Written by `once` for this very request, so it has the shape of its answer.
  return JSON.parse(box.open(row.answer, contextOf(request))) as { answer: Answer }
}

const contextOf = (request: RepeatableRequest): string =>
  JSON.stringify(['idempotency', request.orgId, request.credentialId, request.key])
const hashOf = (request: unknown): string => createHash('sha256').update(JSON.stringify(request)).digest('hex')
