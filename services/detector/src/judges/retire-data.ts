import { createHash, hash } from 'node:crypto'
import type { Log } from '@tocsin/process/log'
import { z } from 'zod'
import type { AffectedRange, Identified, LibraryData } from './library-data.ts'
import { partsOf, versionPattern } from './library-version.ts'
import { compilePattern, createMatcher, type RetirePattern } from './retire-patterns.ts'

const text = z.string().max(2_000)
const Version = z.string().min(1).max(100)
const Range = z.object({
  below: Version.optional(),
  atOrAbove: Version.optional(),
  excludes: z.array(Version).max(1_000).optional(),
})
const Vulnerability = Range.extend({
  ranges: z.array(Range).max(200).optional(),
  severity: z.enum(['none', 'low', 'medium', 'high', 'critical']).default('medium'),
  identifiers: z
    .object({ CVE: z.array(text).max(100).optional(), githubID: text.optional(), retid: z.coerce.string().max(100).optional() })
    .default({}),
}).refine(({ below, atOrAbove, ranges }) => ranges !== undefined || below !== undefined || atOrAbove !== undefined, {
  error: 'Says for no release that it holds.',
})
const patterns = z.array(z.string()).max(1_000).default([])
const Library = z.object({
  vulnerabilities: z.array(Vulnerability).max(1_000).default([]),
  extractors: z
    .object({
      uri: patterns,
      filename: patterns,
      filecontent: patterns,
      filecontentreplace: patterns,
      hashes: z.record(z.string().max(100), Version).default({}),
    })
    .prefault({}),
})

/** The documented shape of jsrepository*.json, of which the parts that run code in a page (`func`, `ast`) are left out. */
export const RetireFile = z.record(z.string().min(1).max(200), Library)
export type RetireFile = z.infer<typeof RetireFile>

/** Scripts by these addresses are left alone. */
const ignored = 'dont check'
const addressLengthMax = 1_000
/** As much as of a script is read. */
const contentLengthMax = 1024 * 1024

/** retire.js' data in the form of our own. */
export function retireLibraries(file: RetireFile, log: Pick<Log, 'warn'>): LibraryData {
  const { [ignored]: exempt, ...libraries } = file
  const match = (kind: 'uri' | 'filename' | 'filecontent' | 'filecontentreplace', of: RetireFile) =>
    createMatcher(compiled(kind, of, log), log)
  const [uri, filename] = [match('uri', libraries), match('filename', libraries)]
  const [content, replaced] = [match('filecontent', libraries), match('filecontentreplace', libraries)]
  const exempting = (exempt?.extractors.uri ?? []).flatMap((source) => compilePattern(ignored, `(${source})`, false) ?? [])
  const isExempt = createMatcher(exempting, log)
  const hashes = new Map(
    Object.entries(libraries).flatMap(([library, { extractors }]) =>
      Object.entries(extractors.hashes).map(([sha1, version]) => [sha1.toLowerCase(), { library, version }] as const),
    ),
  )
  return {
    id: hash('sha256', JSON.stringify(file), 'hex').slice(0, 12),
    ranges: new Map(Object.entries(libraries).map(([library, each]) => [library, rangesOf(library, each)])),
    byAddress(address) {
      const url = URL.parse(address.slice(0, addressLengthMax), 'https://page.invalid/')
      if (!url || isExempt(url.href).length > 0) return []
      // What a cache is told by is not the library's version.
      const path = url.origin + url.pathname
      const name = url.pathname.split('/').at(-1) ?? ''
      // Some patterns for the names of files begin with the slash before it.
      return certain([...uri(path), ...filename(name), ...filename(`/${name}`)])
    },
    byContent(whole) {
      const part = whole.slice(0, contentLengthMax)
      const known = hashes.get(createHash('sha1').update(whole).digest('hex'))
      return certain([...(known ? [known] : []), ...content(part), ...replaced(part)])
    },
  }
}

function compiled(
  kind: 'uri' | 'filename' | 'filecontent' | 'filecontentreplace',
  libraries: RetireFile,
  log: Pick<Log, 'warn'>,
): RetirePattern[] {
  return Object.entries(libraries).flatMap(([library, { extractors }]) =>
    extractors[kind].flatMap((source) => {
      const pattern = compilePattern(library, source, kind === 'filecontentreplace')
      if (pattern) return [pattern]
      log.warn({ library, pattern: source.slice(0, 200) }, 'A pattern of RETIRE_JS_FILE cannot be used.')
      return []
    }),
  )
}

const buildWords =
  /(?:[.-](?:min|slim|pack|packed|prod|production|development|dev|debug|umd|esm|global|browser|runtime|bundle|full|core|all))+$/
const isVersion = new RegExp(`^${versionPattern}$`, 'i')

/** The placeholder takes more than a version, such as `.slim.min` behind it. What is left over then has to be one. */
const certain = (found: readonly Identified[]): Identified[] =>
  found
    .map(({ library, version }) => ({ library, version: version.replace(buildWords, '') }))
    .filter(({ version }) => isVersion.test(version))

function rangesOf(library: string, { vulnerabilities }: RetireFile[string]): AffectedRange[] {
  return vulnerabilities.flatMap(({ severity, identifiers, ranges, ...own }) => {
    if (severity === 'none') return []
    const { CVE, githubID, retid } = identifiers
    return (ranges ?? [own]).flatMap(({ below, atOrAbove, excludes }) => {
      const name = githubID ?? `${library}-${retid ?? below ?? atOrAbove ?? ''}`
      return (CVE?.length ? CVE : [name]).map((id) => ({
        id: id.slice(0, 100),
        severity,
        from: partsOf(atOrAbove ?? '0'),
        below: below === undefined ? null : partsOf(below),
        excludes: new Set(excludes),
      }))
    })
  })
}
