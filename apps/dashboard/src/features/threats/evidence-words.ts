/** Fields whose names say little to whoever has not written the rule. */
const known: Record<string, string> = {
  again: 'Seen again',
  baseline: 'At the baseline',
  fetches: 'Measurements',
  open: 'Open since',
  pagesBad: 'Pages at fault',
  pagesSeen: 'Pages looked at',
  told: 'Told today',
  url: 'Address',
}

/** `finalUrl` → "Final url". */
export const fieldWords = (name: string) =>
  known[name] ??
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^./, (first) => first.toUpperCase())

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })

/** Text on as many lines as it has parts. */
export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(lineText).join('\n')
  return lineText(value)
}

/** One line of what may have parts of its own. */
function lineText(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))
  if (typeof value === 'string') return moment.test(value) ? exact.format(new Date(value)) : value
  if (Array.isArray(value)) return value.map(lineText).join(', ')
  return Object.entries(value)
    .filter(([, part]) => part !== null && !(Array.isArray(part) && part.length === 0))
    .map(([name, part]) => (isAddress(part) ? part : `${fieldWords(name).toLowerCase()}: ${lineText(part)}`))
    .join(', ')
}

const isAddress = (value: unknown): value is string => typeof value === 'string' && /^https?:\/\//.test(value)

export interface Rows {
  columns: string[]
  lines: string[][]
}

/** More columns than these no longer fit beside each other. */
const columnsMax = 4

/** A list of things with the same few plain fields is read as a table, each of them once; null where it is none. */
export function rowsOf(value: unknown): Rows | null {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isPlain)) return null
  const columns = [...new Set(value.flatMap((item) => Object.keys(item)))]
  if (columns.length < 2 || columns.length > columnsMax) return null
  return {
    columns,
    lines: [...new Map(value.map((item) => [JSON.stringify(item), columns.map((column) => lineText(item[column]))])).values()],
  }
}

/** An object whose fields have no parts of their own. */
const isPlain = (item: unknown): item is Record<string, unknown> =>
  typeof item === 'object' &&
  item !== null &&
  !Array.isArray(item) &&
  Object.values(item).every((part) => typeof part !== 'object' || part === null)
