import type { z } from 'zod'

/** How an endpoint reads text/csv: each row becomes one entry of a list in its body, which is then checked like any other. */
export interface CsvBody {
  /** The field of the body that takes the rows; the other fields come from the query. */
  readonly field: string
  /** The columns, in words for the documentation. */
  readonly doc: string
  /** One row, its cells by the names of the header. What it cannot read it leaves as it is: the schema of the body says what is wrong. */
  readonly read: (cells: ReadonlyMap<string, string>) => Record<string, unknown>
}

/** `checked_at`, `Checked At` and `checkedAt` are one column. */
export const columnName = (header: string): string =>
  header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '')

/** A number as text stays text when it is none, so that it is refused rather than guessed. */
export function csvNumber(text: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

/** What a list answers to whoever asks for text/csv: all of it, a line for each item. */
export interface CsvAnswer {
  /** Fields of an item, each with a plain value. */
  readonly columns: readonly string[]
  /** In words for the documentation. */
  readonly doc: string
}

export const csvAnswer = (item: z.ZodObject, doc: string): CsvAnswer => ({ columns: Object.keys(item.shape), doc })
