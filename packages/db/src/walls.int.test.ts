import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { newId } from '@tocsin/contract/ids'
import { silentLog } from '@tocsin/process/log'
import { createTestDatabase, type TestDatabase } from '@tocsin/testkit/database'
import pg from 'pg'
import { createDatabase, type Database, serviceRole } from './pool.ts'

let database: TestDatabase
let owner: pg.Client
let db: Database
beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  db = createDatabase({ url: database.url, log: silentLog() })
})
afterAll(async () => {
  await db.close()
  await owner.end()
  await database.drop()
})

async function names(sql: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(sql, values)
  return rows.map((row) => row.name)
}

const tenantTables = () =>
  names(`select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'org_id' and not a.attisdropped
         union select 'org' order by 1`)

describe('every table with an org_id', () => {
  test('has forced row-level security and one policy for services, on its org alone', async () => {
    const { rows } = await owner.query<{ name: string; forced: boolean; using: string; check: string; commands: string }>(
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced, p.qual as using, p.with_check as check, p.cmd as commands
       from pg_class c left join pg_policies p on p.tablename = c.relname and p.roles @> array[$1::name]
       where c.relname = any ($2)`,
      [serviceRole, await tenantTables()],
    )
    expect(rows.length).toBeGreaterThan(15)
    expect(rows.map((row) => row.name).sort()).toEqual(await tenantTables())
    for (const row of rows) {
      const column = row.name === 'org' ? 'id' : 'org_id'
      const wall = `(${column} = NULLIF(current_setting('app.org_id'::text, true), ''::text))`
      expect(row).toEqual({ name: row.name, forced: true, using: wall, check: wall, commands: 'ALL' })
    }
  })

  test('goes with its org', async () => {
    const loose = await names(
      `with recursive goes (oid) as (
         select 'org'::regclass::oid
         union
         select f.conrelid from pg_constraint f join goes on f.confrelid = goes.oid where f.contype = 'f' and f.confdeltype = 'c')
       select c.relname as name from pg_class c where c.relname = any ($1) and c.oid not in (select oid from goes)`,
      [await tenantTables()],
    )
    expect(loose).toEqual([])
  })
})

describe('the role of the services', () => {
  test('owns nothing, cannot sign in, and cannot step over row-level security', async () => {
    const owned = await names(
      `select relname as name from pg_class where relowner = $1::regrole
       union all select proname from pg_proc where proowner = $1::regrole`,
      [serviceRole],
    )
    expect(owned).toEqual([])
    const { rows } = await owner.query(
      'select rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb from pg_roles where rolname = $1',
      [serviceRole],
    )
    expect(Object.values(rows[0] ?? {})).toEqual([false, false, false, false, false])
    const memberships = await names(
      'select g.rolname as name from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = $1::regrole',
      [serviceRole],
    )
    expect(memberships).toEqual([])
  })

  test('looks across orgs only through functions of the sweep role, with a fixed search path', async () => {
    const { rows } = await owner.query<{ name: string; owner: string; path: string[] | null; open: boolean }>(
      `select p.proname as name, p.proowner::regrole::text as owner, p.proconfig as path,
         exists (select from aclexplode(p.proacl) a where a.grantee = 0) or p.proacl is null as open
       from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace`,
    )
    expect(rows.length).toBeGreaterThan(5)
    for (const row of rows)
      expect(row).toEqual({ name: row.name, owner: 'tocsin_sweep', path: ['search_path=public, pg_temp'], open: false })
  })
})

describe('a transaction of one org', () => {
  const [ours, theirs] = [newId('org'), newId('org')]
  beforeAll(async () => {
    for (const orgId of [ours, theirs])
      await db.transaction({ orgId }, async (sql) => {
        await sql.query(`insert into org (id, name, created_at) values ($1, 'An org', '2026-03-01')`, [orgId])
        await sql.query('insert into journal_head (org_id) values ($1)', [orgId])
      })
  })
  const heads = (scope: { orgId: string } | 'installation') =>
    db.transaction(scope, async (sql) => (await sql.query<{ orgId: string }>('select org_id as "orgId" from journal_head')).rows)

  test('sees and changes its own rows and no others', async () => {
    expect(await heads({ orgId: ours })).toEqual([{ orgId: ours }])
    await db.transaction({ orgId: ours }, async (sql) => {
      expect((await sql.query('update org set name = $1', ['Ours'])).rowCount).toBe(1)
      expect((await sql.query('delete from org where id = $1', [theirs])).rowCount).toBe(0)
    })
    const { rows } = await owner.query<{ name: string }>('select name from org where id = $1', [theirs])
    // The owner of the tables is no service, yet the wall is forced on it too unless it is a superuser.
    expect(rows).toEqual([{ name: 'An org' }])
  })

  test('cannot write a row for another', async () => {
    const smuggle = db.transaction({ orgId: ours }, (sql) => sql.query('update journal_head set org_id = $1', [theirs]))
    await expect(smuggle).rejects.toThrow('row-level security')
    const insert = db.transaction({ orgId: ours }, (sql) =>
      sql.query(`insert into alert_day (org_id, day) values ($1, '2026-03-01')`, [theirs]),
    )
    await expect(insert).rejects.toThrow('row-level security')
  })

  test('leaves nothing behind: without an org every tenant table is empty', async () => {
    await heads({ orgId: ours })
    expect(await heads('installation')).toEqual([])
    expect(await heads({ orgId: newId('org') })).toEqual([])
  })

  test('cannot make tables or read other roles out of the way', async () => {
    const asService = (text: string) => db.transaction({ orgId: ours }, (sql) => sql.query(text))
    await expect(asService('create table mine (x integer)')).rejects.toThrow('permission denied')
    await expect(asService('alter table site disable row level security')).rejects.toThrow('must be owner')
    await expect(asService('drop policy tenant on site')).rejects.toThrow('must be owner')
  })
})
