import { randomBytes } from 'node:crypto'
import pg from 'pg'

export type TestDatabase = { url: string; drop: () => Promise<void> }

/** A database of the newest schema for one test file, copied from the run's template in some 30 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = setting('TEST_DATABASE_URL')
  const name = `tocsin_test_${randomBytes(6).toString('hex')}`
  await onServer(serverUrl, `create database ${name} template ${setting('TEST_DATABASE_TEMPLATE')}`)
  const url = new URL(serverUrl)
  url.pathname = name
  return { url: url.href, drop: () => onServer(serverUrl, `drop database if exists ${name} with (force)`) }
}

/** One statement that no transaction and no pool may surround. */
export async function onServer(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

function setting(name: string): string {
  const value = process.env[name]
  if (!value)
    throw new Error(
      `${name} is not set: name the file x.int.test.ts (or put it in tests/), so that it runs in a project that starts the servers.`,
    )
  return value
}
