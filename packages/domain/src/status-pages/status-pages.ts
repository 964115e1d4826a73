import type { StatusPage, StatusPageChanges } from '@tocsin/contract/api/status-pages'
import { statusPageUpdated } from '@tocsin/contract/events/status-pages'
import { newId, type StatusPageId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import { isDuplicate } from '@tocsin/db/pool'
import type { Change } from '@tocsin/journal/change'
import { type StatusPageRow, statusPageColumns, statusPageView } from './status-pages.read.ts'

/** The one that every org begins with. Nobody can guess its slug until somebody chooses one that can be guessed. */
export async function createStatusPage(change: Change, input: { name: string }): Promise<void> {
  const id = newId('statusPage')
  const name = input.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '')
  await change.tx.query(
    `insert into status_page (id, org_id, slug, name, description, created_at, updated_at) values ($1, $2, $3, $4, '', $5, $5)`,
    [id, change.orgId, `${name || 'status'}-${id.slice(-8)}`, input.name, change.now],
  )
}

export async function updateStatusPage(
  change: Change,
  input: { statusPageId: StatusPageId; changes: StatusPageChanges; ifVersion: number | null },
): Promise<StatusPage> {
  const { rows: locked } = await change.tx.query<StatusPageRow>(
    `select ${statusPageColumns} from status_page where id = $1 for no key update`,
    [input.statusPageId],
  )
  const before = locked[0]
  if (!before) throw new Refusal('not_found', 'No such status page.')
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The status page was changed in the meantime: read it again.')
  const { slug = before.slug, name = before.name, description = before.description, enabled = before.enabled } = input.changes
  const isSame = slug === before.slug && name === before.name && description === before.description && enabled === before.enabled
  if (isSame) return statusPageView(before)
  const statusPage = await write(change, before.id, { slug, name, description, enabled })
  change.emit(statusPageUpdated, { statusPage })
  return statusPage
}

async function write(
  change: Change,
  id: StatusPageId,
  { slug, name, description, enabled }: Pick<StatusPageRow, 'slug' | 'name' | 'description' | 'enabled'>,
): Promise<StatusPage> {
  try {
    const { rows } = await change.tx.query<StatusPageRow>(
      `update status_page set slug = $2, name = $3, description = $4, enabled = $5, updated_at = $6, version = version + 1
       where id = $1 returning ${statusPageColumns}`,
      [id, slug, name, description, enabled, change.now],
    )
    const row = rows[0]
    if (!row) throw new Error('The locked status page is gone.')
    return statusPageView(row)
  } catch (error) {
    if (isDuplicate(error, 'status_page_slug')) throw new Refusal('conflict', 'Another status page has this address.')
    throw error
  }
}
