import { join } from 'node:path'
import { runner } from 'node-pg-migrate'

const folder = join(import.meta.dirname, '../migrations')

/** Brings a database to the newest schema, as its owner. Safe to run from several processes at once: one works, the others wait. */
export async function migrate(databaseUrl: string): Promise<void> {
  await runner({
    databaseUrl,
    dir: `${folder}/*.sql`,
    useGlob: true,
    direction: 'up',
    migrationsTable: 'schema_migration',
    checkOrder: true,
    singleTransaction: true,
    advisoryLockMode: 'wait',
    log: () => {},
  })
}
