/** A query's connection: always inside a transaction that is bound to one org, or to none. */
export interface Sql {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ rows: Row[]; rowCount: number }>
}

/** `installation`: rows of no org (accounts, sessions) and the named claim functions; every tenant table then looks empty. */
export type TransactionScope = { orgId: string } | 'installation'

export type Transaction = <Result>(scope: TransactionScope, work: (sql: Sql) => Promise<Result>) => Promise<Result>
