import { isDeepStrictEqual } from 'node:util'
import type { Source, SourceChanges, SourceInput } from '@tocsin/contract/api/sources'
import { sourceCreated, sourceDeleted, sourceUpdated } from '@tocsin/contract/events/sources'
import { newId, type SiteId, type SourceId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { SourceKind } from '@tocsin/contract/sources/catalog'
import type { Change } from '@tocsin/journal/change'
import type { SecretBox } from '@tocsin/process/secret-box'
import { lockSite } from '../sites/sites.ts'
import { storableJson } from '../storable-json.ts'
import { type SourceRow, sourceColumns, sourceView } from './sources.read.ts'

/**
 * active ⇄ failing   by what the fetches answer (record.ts)
 *    └─pauseSource─▶ paused ──resumeSource──▶ active
 *
 * Whatever an owner changes takes the lease away: what was fetched with the old settings is not recorded.
 */

/** One of each kind for a site. The first fetch is due at once. */
export async function createSource(
  change: Change,
  { siteId, input, box }: { siteId: SiteId; input: SourceInput; box: SecretBox },
): Promise<Source> {
  await lockSite(change, siteId)
  const source = await insertSource(change, { siteId, input, box })
  if (!source) throw new Refusal('conflict', 'This site has a source of that kind already.')
  return source
}

/** Once for a site: the sources that need no credentials, those `kinds` that make sense for its address. */
export async function createAutomaticSources(
  change: Change,
  { siteId, kinds, box }: { siteId: SiteId; kinds: readonly SourceInput[]; box: SecretBox },
): Promise<void> {
  const { rowCount } = await change.tx.query(
    'update site set automatic_sources_at = $2 where id = $1 and automatic_sources_at is null',
    [siteId, change.now],
  )
  if (rowCount === 0) return
  for (const input of kinds) await insertSource(change, { siteId, input, box })
}

/** Null: there is one of that kind. */
async function insertSource(
  change: Change,
  { siteId, input, box }: { siteId: SiteId; input: SourceInput; box: SecretBox },
): Promise<Source | null> {
  const id = newId('source')
  const { rows } = await change.tx.query<SourceRow>(
    `insert into source (id, org_id, site_id, kind, config, credentials, fingerprint, next_fetch_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
     on conflict (site_id, kind) do nothing
     returning ${sourceColumns}`,
    [
      id,
      change.orgId,
      siteId,
      input.kind,
      storableJson(input.config),
      seal(input.credentials, id, box),
      fingerprint(input.kind, input.credentials, box),
      change.now,
    ],
  )
  const [row] = rows
  if (!row) return null
  const source = sourceView(row)
  change.emit(sourceCreated, { source })
  return source
}

const seal = (credentials: SourceInput['credentials'], sourceId: SourceId, box: SecretBox): string | null =>
  credentials === null ? null : box.seal(JSON.stringify(credentials), sourceId)

/** Tells accounts apart without telling them. A kind without credentials is one account. */
const fingerprint = (kind: SourceKind, credentials: SourceInput['credentials'], box: SecretBox): string =>
  credentials === null ? kind : box.mac(`${kind} ${JSON.stringify(credentials)}`)

/** New settings begin with a clean sheet: what the adapter remembered and what was wrong belonged to the old ones. */
export async function updateSource(
  change: Change,
  input: { sourceId: SourceId; changes: SourceChanges; ifVersion: number | null; box: SecretBox },
): Promise<Source> {
  const before = await lockSource(change, input.sourceId)
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The source was changed in the meantime: read it again.')
  const { kind, config = before.config, credentials } = input.changes
  if (kind !== before.kind) throw kindMismatch(before.kind)
  const account = credentials === undefined ? before.fingerprint : fingerprint(kind, credentials, input.box)
  if (account === before.fingerprint && isDeepStrictEqual(config, before.config)) return sourceView(before)
  const { rows } = await change.tx.query<SourceRow>(
    `update source set config = $2, credentials = coalesce($3, credentials), fingerprint = $4, adapter_state = '{}', failures = 0,
       state = case when state = 'failing' then 'active' else state end, last_error = null, last_test = null,
       test_requested_at = null, next_fetch_at = $5, lease_token = null, lease_until = null, version = version + 1
     where id = $1 returning ${sourceColumns}`,
    [
      before.id,
      storableJson(config),
      credentials === undefined ? null : seal(credentials, before.id, input.box),
      account,
      change.now,
    ],
  )
  return emitUpdated(change, rows)
}

const kindMismatch = (kind: SourceKind): Refusal => {
  const message = `Must be ${kind}: the kind of a source cannot be changed.`
  return new Refusal('invalid', message, { issues: [{ path: 'kind', message }] })
}

/** Pausing twice is not an error: the caller already has what they asked for. */
export async function pauseSource(change: Change, input: { sourceId: SourceId }): Promise<Source> {
  const before = await lockSource(change, input.sourceId)
  if (before.state === 'paused') return sourceView(before)
  return await setState(change, before.id, 'paused')
}

export async function resumeSource(change: Change, input: { sourceId: SourceId }): Promise<Source> {
  const before = await lockSource(change, input.sourceId)
  if (before.state !== 'paused') return sourceView(before)
  return await setState(change, before.id, 'active')
}

async function setState(change: Change, sourceId: SourceId, state: 'active' | 'paused'): Promise<Source> {
  const { rows } = await change.tx.query<SourceRow>(
    `update source set state = $2, failures = 0, last_error = null, next_fetch_at = $3, lease_token = null, lease_until = null,
       version = version + 1
     where id = $1 returning ${sourceColumns}`,
    [sourceId, state, change.now],
  )
  return emitUpdated(change, rows)
}

/** A detector tries it soon. Whoever asks again while that is waited for waits for the same test. */
export async function testSource(change: Change, input: { sourceId: SourceId }): Promise<Source> {
  const before = await lockSource(change, input.sourceId)
  if (before.lastTest?.result === 'waiting') return sourceView(before)
  const { rows } = await change.tx.query<SourceRow>(
    `update source set test_requested_at = $2, last_test = $3 where id = $1 returning ${sourceColumns}`,
    [before.id, change.now, JSON.stringify({ result: 'waiting', reason: null, detail: '', at: change.now.toISOString() })],
  )
  return emitUpdated(change, rows)
}

/** What it brought stays: it was measured. */
export async function deleteSource(change: Change, input: { sourceId: SourceId }): Promise<void> {
  const { rows } = await change.tx.query<{ siteId: SiteId }>('delete from source where id = $1 returning site_id as "siteId"', [
    input.sourceId,
  ])
  const [gone] = rows
  if (!gone) throw new Refusal('not_found', 'No such source.')
  change.emit(sourceDeleted, { sourceId: input.sourceId, siteId: gone.siteId })
}

async function lockSource(change: Change, sourceId: SourceId): Promise<SourceRow & { fingerprint: string }> {
  const { rows } = await change.tx.query<SourceRow & { fingerprint: string }>(
    `select ${sourceColumns}, source.fingerprint from source where source.id = $1 for no key update`,
    [sourceId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such source.')
  return row
}

function emitUpdated(change: Change, rows: readonly SourceRow[]): Source {
  const [row] = rows
  if (!row) throw new Error('The locked source is gone.')
  const source = sourceView(row)
  change.emit(sourceUpdated, { source })
  return source
}
