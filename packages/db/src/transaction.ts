/** A query's connection: always inside a transaction that is bound to one org, or to none. */
export interface Sql {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ rows: Row[]; rowCount: number }>
}

/** `installation`: rows of no org (accounts, sessions) and the named claim functions; every tenant table then looks empty. */
export type TransactionScope = { orgId: string } | 'installation'

/** `snapshot`: read only, everything as of one moment. */
export type TransactionMode = 'write' | 'snapshot'

/**
 * The transaction's last statement, sent with the commit right behind it: what the statement locks is held for one way to the server and
 * back less. Whatever is wrong must make the statement fail; once it has succeeded, everything is committed.
 */
export type Finish = <Row extends object>(text: string, values: readonly unknown[]) => Promise<Row[]>

export type Transaction = <Result>(
  scope: TransactionScope,
  work: (sql: Sql, finish: Finish) => Promise<Result>,
  mode?: TransactionMode,
) => Promise<Result>
