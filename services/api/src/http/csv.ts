import { Refusal } from '@tocsin/contract/refusal'

/** Far more than any list takes: what is beyond is refused before it takes memory. */
const rowsMax = 20_000
const columnsMax = 100

export interface CsvRow {
  /** In the text, from 1. */
  readonly line: number
  readonly cells: ReadonlyMap<string, string>
}

/**
 * RFC 4180, as spreadsheets write it: a header, then rows; a byte order mark, any line ends, and whichever of comma, semicolon and tab
 * the header is written with. Blank lines are skipped. Refuses what cannot be read as rows of cells under a header.
 */
export function parseCsv(text: string): CsvRow[] {
  const records = recordsOf(text.replace(/^\uFEFF/, ''))
  const header = records.shift()
  if (!header) throw refused(1, 'There is no header.')
  const names = header.cells.map((cell) => cell.trim())
  if (names.length > columnsMax) throw refused(header.line, `There are more than ${columnsMax} columns.`)
  const twice = names.find((name, n) => names.indexOf(name) !== n)
  if (twice !== undefined) throw refused(header.line, `The column "${twice.slice(0, 100)}" is there twice.`)
  if (names.includes('')) throw refused(header.line, 'A column has no name.')
  return records.map(({ line, cells }) => {
    if (cells.length > names.length) throw refused(line, 'There are more cells than columns.')
    return { line, cells: new Map(names.map((name, n) => [name, cells[n] ?? ''])) }
  })
}

interface CsvRecord {
  line: number
  cells: string[]
}

function recordsOf(text: string): CsvRecord[] {
  const separator = separatorOf(text)
  const records: CsvRecord[] = []
  let line = 1
  for (let at = 0; at < text.length; ) {
    const record: CsvRecord = { line, cells: [] }
    for (let ended = false; !ended; ) {
      const cell = text[at] === '"' ? quotedCell(text, at, line) : plainCell(text, at, separator)
      record.cells.push(cell.value)
      line += cell.lines
      at = cell.end
      const next = text[at]
      ended = next !== separator
      if (!ended) at += 1
      else if (next === '\r' && text[at + 1] === '\n') at += 2
      else if (next === '\r' || next === '\n') at += 1
      else if (next !== undefined) throw refused(line, 'There is something between a closing quote and the end of its cell.')
      if (record.cells.length > columnsMax) throw refused(record.line, `There are more than ${columnsMax} cells.`)
    }
    line += 1
    if (record.cells.some((cell) => cell.trim() !== '')) records.push(record)
    if (records.length > rowsMax + 1) throw refused(record.line, `There are more than ${rowsMax} rows.`)
  }
  return records
}

interface Cell {
  value: string
  end: number
  lines: number
}

function plainCell(text: string, from: number, separator: string): Cell {
  let end = from
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1
  return { value: text.slice(from, end), end, lines: 0 }
}

function quotedCell(text: string, from: number, line: number): Cell {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] === '"') continue
    const raw = text.slice(from + 1, at)
    return { value: raw.replaceAll('""', '"'), end: at + 1, lines: raw.match(/\r\n|\n|\r/g)?.length ?? 0 }
  }
  throw refused(line, 'A quote is opened and never closed.')
}

/** Whichever the header has most of. Names of columns hold none of them. */
function separatorOf(text: string): string {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? ''
  const counts = [',', ';', '\t'].map((separator) => ({ separator, count: header.split(separator).length }))
  return counts.reduce((most, each) => (each.count > most.count ? each : most)).separator
}

const refused = (line: number, message: string): Refusal =>
  new Refusal('malformed', `The CSV cannot be read: line ${line}: ${message}`, { issues: [{ path: `line ${line}`, message }] })
