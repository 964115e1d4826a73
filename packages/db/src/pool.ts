import { errorCode, errorMessage } from '@tocsin/process/error-code'
import type { Log } from '@tocsin/process/log'
import pg from 'pg'
import type { Finish, Sql, Transaction, TransactionMode } from './transaction.ts'

/** The record cannot be reached or is not ready: nothing may be accepted that cannot be kept. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

export interface Database {
  readonly transaction: Transaction
  ping(): Promise<boolean>
  close(): Promise<void>
}

/** The role of every service: it owns no table, so row-level security holds for it. */
export const serviceRole = 'tocsin_app'

const int8 = 20
const types = new pg.TypeOverrides()
types.setTypeParser(int8, (text: string) => {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new Error(`The database answered a number that is too large: ${text}`)
  return number
})

/** A change that takes longer than this holds up its org's journal. */
const statementMsMax = 15_000
/** The server ends a statement that takes too long; one that says nothing by then is not there any more. */
const silenceMs = 5_000

export function createDatabase(options: {
  url: string
  log: Log
  connections?: number
  /** For a statement, and between two of a transaction; tests have less patience. */
  statementMs?: number
}): Database {
  const { statementMs = statementMsMax } = options
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    query_timeout: statementMs + silenceMs,
    pipeline: true,
    types,
  })
  let closing = false
  // An idle connection that breaks is replaced by the pool at the next use; unhandled, its error would end the process. It carries the
  // whole client, so only its words are logged. A pool that ends does not wait for its sockets: a server that stops then is no news.
  pool.on('error', (error) => {
    if (!closing) options.log.warn({ code: errorCode(error), reason: errorMessage(error) }, 'An idle database connection broke.')
  })
  return {
    transaction: (scope, work, mode = 'write') =>
      inTransaction(pool, { orgId: scope === 'installation' ? '' : scope.orgId, mode, statementMs }, work),
    async ping() {
      await pool.query('select 1')
      return true
    },
    close() {
      closing = true
      return pool.end()
    },
  }
}

const begin = { write: 'begin', snapshot: 'begin isolation level repeatable read read only' } satisfies Record<
  TransactionMode,
  string
>

async function inTransaction<Result>(
  pool: pg.Pool,
  { orgId, mode, statementMs }: { orgId: string; mode: TransactionMode; statementMs: number },
  work: (sql: Sql, finish: Finish) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool)
  let broken: Error | undefined
  // Without a listener a connection that dies between two queries would end the process.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    // Sent without waiting in between: one round trip. All of it is local to the transaction, so it also holds behind PgBouncer.
    const begun = client.query(begin[mode])
    // A process that is stopped in the middle must not keep what it has locked.
    const scoped = client.query(
      `select set_config('role', $1, true), set_config('app.org_id', $2, true), set_config('statement_timeout', $3, true),
         set_config('idle_in_transaction_session_timeout', $3, true)`,
      [serviceRole, orgId, String(statementMs)],
    )
    await Promise.all([begun, scoped])
    let finished = false
    const finish: Finish = (text, values) => {
      finished = true
      return commitAfter(client, text, values)
    }
    const result = await work(sqlOf(client), finish)
    if (!finished) await commit(client)
    return result
  } catch (error) {
    broken ??= isSilence(error) ? error : await rollBack(client)
    throw isConnectionLoss(error) ? new DatabaseUnavailable('The database cannot be reached.', { cause: error }) : error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

/** A transaction in which something failed is rolled back by its commit, and Postgres does not call that an error. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit')
  if (command !== 'COMMIT') throw new Error('A statement of the transaction had failed, so nothing was committed.')
}

async function commitAfter<Row extends object>(client: pg.PoolClient, text: string, values: readonly unknown[]): Promise<Row[]> {
  const last = client.query<Row>(text, [...values])
  const commit = client.query('commit')
  // Both answers are taken before either is looked at, so that neither can fail unheard.
  const [answer, committed] = await Promise.allSettled([last, commit])
  if (answer.status === 'rejected') throw answer.reason
  if (committed.status === 'rejected') throw committed.reason
  return answer.value.rows
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw new DatabaseUnavailable('The database cannot be reached.', { cause: error })
  }
}

/** The reason why the connection must not go back into the pool, if there is one. */
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function sqlOf(client: pg.PoolClient): Sql {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      const result = await client.query<Row>(text, [...values])
      return { rows: result.rows, rowCount: result.rowCount ?? 0 }
    },
  }
}

/** The server did not answer at all. What is still under way on the connection is anybody's guess. */
const isSilence = (error: unknown): error is Error => error instanceof Error && error.message === 'Query read timeout'

/** SQLSTATE class 08 (connection), 57P01–57P03 (shutdown, starting up), 25P03 (we were asleep), 53 (out of connections), or the socket's own errors. */
function isConnectionLoss(error: unknown): boolean {
  const code = errorCode(error)
  if (isSilence(error) || /^(08...|57P0[1-3]|53...|25006|25P03)$/.test(code)) return true
  return (
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|ENOENT)$/.test(code) ||
    /Connection terminated|connection error/i.test(errorMessage(error))
  )
}

/** True for the violation of a named unique constraint or index: two callers wanted the same thing at once. */
export function isDuplicate(error: unknown, constraint: string): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505' && error.constraint === constraint
}
