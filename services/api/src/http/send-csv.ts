import { once } from 'node:events'
import type { CsvAnswer } from '@tocsin/contract/csv'
import type { Request, Response } from 'express'

/** `format` decides; without it, whether CSV is preferred to JSON. */
export function wantsCsv(request: Request, query: Record<string, unknown>): boolean {
  if (query['format'] !== undefined) return query['format'] === 'csv'
  return request.accepts(['application/json', 'text/csv']) === 'text/csv'
}

/** Writes as fast as it is read, and no faster: a reader who stops costs one piece of the list. */
export async function sendCsv(
  { columns }: CsvAnswer,
  pieces: AsyncIterable<readonly object[]>,
  response: Response,
): Promise<void> {
  let isBegun = false
  for await (const rows of pieces) {
    // Whatever is refused is refused before this.
    if (!isBegun) begin(response, columns)
    isBegun = true
    if (response.destroyed) return
    const text = rows
      .map((row) => new Map<string, unknown>(Object.entries(row)))
      .map((row) => lineOf(columns.map((column) => row.get(column))))
      .join('')
    if (!response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')])
  }
  response.end()
}

function begin(response: Response, columns: readonly string[]): void {
  response.status(200).set({
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Cache-Control': 'no-store',
    'Content-Disposition': 'attachment',
  })
  response.write(lineOf(columns))
}

const lineOf = (values: readonly unknown[]): string => `${values.map(cellOf).join(',')}\r\n`

/** RFC 4180; and nothing that a spreadsheet would take for a formula: titles are written by strangers. */
export function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const harmless = /^[\s\uFEFF]*[=+\-@|%\t\r＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
