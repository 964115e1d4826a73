import { Refusal } from '@tocsin/contract/refusal'

export interface PageRequest {
  cursor?: string | undefined
  limit: number
  /** Newest first unless asked otherwise. */
  sort?: 'newest' | 'oldest' | undefined
}

export interface Page<Item> {
  data: Item[]
  nextCursor: string | null
}

/** Where a row stands in a list that is ordered by a time and, within the same moment, by id. Both go the same way. */
export interface Position {
  at: Date
  id: string
}

/** Times are written by us and so have no more than milliseconds: nothing is lost on the way through a Date. */
export function encodeCursor(position: Position): string {
  return Buffer.from(`${position.at.toISOString()} ${position.id}`).toString('base64url')
}

const decoded = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([a-z]+_[0-9a-z]{1,64})$/

export function decodeCursor(cursor: string): Position {
  const [, time, id] = decoded.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? []
  const at = new Date(time ?? Number.NaN)
  if (!id || Number.isNaN(at.getTime()))
    throw new Refusal('malformed', 'The cursor is not one of ours.', { issues: [{ path: 'cursor', message: 'Unknown cursor.' }] })
  return { at, id }
}

/** What follows a position, and the order in which it does; the values are `positionValues`, as $1 and $2. Columns are named by us, never by a caller. */
export function keyset(request: PageRequest, at: string, id: string): { follows: string; order: string } {
  const [comes, way] = request.sort === 'oldest' ? (['>', 'asc'] as const) : (['<', 'desc'] as const)
  return { follows: `($1::timestamptz is null or (${at}, ${id}) ${comes} ($1, $2))`, order: `${at} ${way}, ${id} ${way}` }
}

/** Null without a cursor. */
export function positionValues(request: PageRequest): [at: Date | null, id: string | null] {
  if (request.cursor === undefined) return [null, null]
  const { at, id } = decodeCursor(request.cursor)
  return [at, id]
}

/** `rows` were read with a limit of one more than asked for: the extra row only tells that there is a next page. */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  request: PageRequest,
  positionOf: (row: Row) => Position,
  view: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, request.limit)
  const last = shown.at(-1)
  return { data: shown.map(view), nextCursor: last && rows.length > request.limit ? encodeCursor(positionOf(last)) : null }
}
