import { z } from 'zod'
import { columnName, csvNumber } from '../csv.ts'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { RankingListId, SiteId } from '../ids.ts'
import { Country, Device, Language, Missing, Phrase, Position } from '../keyword.ts'

/** What fits into a body of one mebibyte without full lists of results, and is one transaction of a second. */
const entriesMax = 5_000
const resultsMax = 100
const rivalsMax = 50

const Address = z.string().trim().min(1).max(2000)

export const RankingEntry = z
  .strictObject({
    keyword: Phrase,
    country: Country,
    language: Language.optional(),
    device: Device.default('desktop'),
    position: Position.nullable().meta({ description: 'Null: not among the first `depth` results. Never 0.' }),
    missing: Missing.optional().meta({
      description: 'Why there is no position: absent (the default) or failed, which is no measurement at all.',
    }),
    depth: z.number().int().min(1).max(1000).optional().meta({ description: 'How many results were looked through.' }),
    url: Address.optional().meta({ description: 'The page of the site that was found.', example: 'https://example.com/shoes' }),
    competitors: z
      .array(z.strictObject({ domain: Address.max(255), position: Position.nullable(), url: Address.optional() }))
      .max(rivalsMax)
      .optional()
      .meta({
        description:
          'Where competitors stand in the same results. A position of null was looked for and not found; a domain that is not tracked is passed over.',
        example: [{ domain: 'rival.example', position: 3 }],
      }),
    results: z
      .array(z.strictObject({ position: Position, url: Address }))
      .max(resultsMax)
      .optional()
      .meta({
        description: 'The results themselves, instead of `competitors`: the positions of competitors are read from it.',
        example: [{ position: 3, url: 'https://rival.example/' }],
      }),
    checkedAt: Timestamp.optional(),
  })
  .refine((entry) => entry.position === null || entry.missing === undefined, {
    path: ['missing'],
    message: 'Must not be given with a position.',
  })
  .refine((entry) => entry.position === null || entry.depth === undefined || entry.position <= entry.depth, {
    path: ['position'],
    message: 'Must be among the first `depth` results.',
  })
  .meta({
    id: 'RankingEntry',
    example: {
      keyword: 'blue shoes',
      country: 'US',
      position: 4,
      depth: 100,
      url: 'https://example.com/shoes',
      competitors: [{ domain: 'rival.example', position: 3 }],
    },
  })
export type RankingEntry = z.infer<typeof RankingEntry>

const list = {
  listId: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[\x21-\x7e]+$/, 'Must be visible ASCII characters without spaces.')
    .meta({ description: 'A name of yours for this list. The same list again changes nothing.', example: '2026-03-01' }),
  depth: z.coerce.number().int().min(1).max(1000).meta({ description: 'Of entries that do not say their own. 100 if absent.' }),
  checkedAt: Timestamp.meta({ description: 'Of entries that do not say their own. Now, if absent.' }),
}
const completeDoc =
  'true: everything in it was measured with care, so it decides alone. false: a part of a larger measurement that did not succeed, so nothing is concluded from it. Absent: one good measurement; two agree before anybody is told.'

const RankingPush = z
  .strictObject({
    listId: list.listId.optional(),
    complete: z.boolean().optional().meta({ description: completeDoc }),
    depth: z.number().int().min(1).max(1000).optional().meta({ description: list.depth.description }),
    checkedAt: list.checkedAt.optional(),
    entries: z.array(RankingEntry).min(1).max(entriesMax),
  })
  .meta({ id: 'RankingPush' })
export type RankingPush = z.infer<typeof RankingPush>

export const RankingList = z
  .object({
    id: RankingListId,
    siteId: SiteId,
    source: z.string().meta({ description: '"push", or the kind of the source.' }),
    listId: z.string().nullable().meta({ description: 'The name that its sender gave it.' }),
    complete: z.boolean().nullable().meta({ description: completeDoc }),
    entries: z.number().int(),
    checkedAt: Timestamp.meta({ description: 'The newest measurement in it.' }),
    recordedAt: Timestamp,
  })
  .meta({ id: 'RankingList' })
export type RankingList = z.infer<typeof RankingList>

const fields = ['keyword', 'country', 'language', 'device', 'missing', 'url', 'checkedAt'] as const
const numbers = ['position', 'depth'] as const
const byColumn = new Map([...fields, ...numbers].map((name) => [columnName(name), name]))

/** A column with a dot in its name is a competitor: a number, "-" for looked for and not found, nothing for not looked for. */
function readRow(cells: ReadonlyMap<string, string>): Record<string, unknown> {
  const entry: Record<string, unknown> = {}
  const competitors: { domain: string; position: unknown }[] = []
  for (const [header, cell] of cells) {
    const name = byColumn.get(columnName(header))
    const text = cell.trim()
    if (name === undefined && header.includes('.') && text !== '')
      competitors.push({ domain: header.trim(), position: text === '-' ? null : csvNumber(text) })
    else if (name === undefined && !header.includes('.')) entry[header] = cell
    else if (name === 'position') entry[name] = text === '' || text === '-' ? null : csvNumber(text)
    else if (name === 'depth' && text !== '') entry[name] = csvNumber(text)
    else if (name !== undefined && text !== '') entry[name] = text
  }
  return competitors.length > 0 ? { ...entry, competitors } : entry
}

const params = z.strictObject({ siteId: SiteId })

export const pushRankings = defineEndpoint('pushRankings', {
  method: 'post',
  path: '/v1/sites/{siteId}/rankings',
  doc: 'Record a list of positions, as JSON or CSV. All of it or, when one row is wrong, nothing. Unknown keywords are tracked from now on. The same list again changes nothing.',
  needs: 'write',
  params,
  query: z.strictObject({
    listId: list.listId.optional(),
    complete: z.enum(['true', 'false']).optional().meta({ description: completeDoc }),
    depth: list.depth.optional(),
    checkedAt: list.checkedAt.optional(),
  }),
  body: RankingPush,
  csv: {
    field: 'entries',
    doc: 'A header and a row for each keyword: keyword, country, language, device, position (empty or "-": not among the first `depth` results), missing, depth, url, checkedAt; and a column for each competitor, named by its domain, with its position ("-": not found, empty: not looked for). listId, complete, depth and checkedAt of the list stand in the query.',
    read: readRow,
  },
  answer: RankingList,
})
export const listRankings = defineEndpoint('listRankings', {
  method: 'get',
  path: '/v1/sites/{siteId}/rankings',
  doc: 'The lists that were recorded, newest first. What they said is in the history of each keyword.',
  needs: 'read',
  params,
  query: z.strictObject(pageQuery),
  answer: pageOf(RankingList),
})
