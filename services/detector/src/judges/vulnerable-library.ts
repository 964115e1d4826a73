import { hash } from 'node:crypto'
import type { Severity } from '@tocsin/contract/rule'
import { knownVulnerabilities } from './known-vulnerabilities.ts'
import { byAddress } from './library-address.ts'
import type { Advisory, AffectedRange, Identified, LibraryData } from './library-data.ts'
import { librariesIn, marksId } from './library-marks.ts'
import { compareVersions, partsOf, spanOf } from './library-version.ts'

export interface VulnerableLibrary extends Identified {
  /** Those that hold for every release the version may mean. */
  readonly advisories: readonly Advisory[]
  /** The worst of them. */
  readonly severity: Severity
}

/** Libraries with known weaknesses that a script is, by its address, or holds, by its content. Only where the version is certain. */
export function vulnerableLibraries(scriptUrl: string, content?: string, data: LibraryData = inUse): VulnerableLibrary[] {
  const found = new Map<string, VulnerableLibrary>()
  for (const { library, version } of [...data.byAddress(scriptUrl), ...(content ? data.byContent(content) : [])]) {
    const judged = judge(data, library, version)
    if (judged) found.set(`${library} ${version}`, judged)
  }
  return [...found.values()]
}

const order: readonly Severity[] = ['critical', 'high', 'medium', 'low']
const isSeverity = (text: string): text is Severity => order.some((each) => each === text)

/** Our own table. */
const ownLibraries: LibraryData = {
  // What was found by an older table says nothing of what this one would find.
  id: hash('sha256', JSON.stringify([knownVulnerabilities, marksId]), 'hex').slice(0, 12),
  ranges: new Map(Object.entries(knownVulnerabilities).map(([library, lines]) => [library, lines.split('\n').flatMap(rangesOf)])),
  byAddress,
  byContent: librariesIn,
}

/** One for the whole process, as what is known of libraries is the same for every site; chosen once, before anything is judged. */
let inUse = ownLibraries
export const librariesInUse = (): LibraryData => inUse
export function useLibraries(data: LibraryData): void {
  inUse = data
}

function rangesOf(line: string): AffectedRange[] {
  const [span = '', severity = '', ids = '', not] = line.trim().split(' ')
  const [from = '', below = ''] = span.split('..')
  if (!isSeverity(severity) || below === '' || ids === '') throw new Error(`Not a line of known vulnerabilities: ${line}`)
  const excludes = new Set(not === undefined ? [] : [not.replace('not:', '')])
  return ids.split(',').map((id) => ({ id, severity, from: partsOf(from || '0'), below: partsOf(below), excludes }))
}

function judge({ ranges }: LibraryData, library: string, version: string): VulnerableLibrary | null {
  const { lowest, highest } = spanOf(version)
  const holding = (ranges.get(library) ?? []).filter(
    ({ from, below, excludes }) =>
      compareVersions(lowest, from) >= 0 && (below === null || compareVersions(highest, below) < 0) && !excludes.has(version),
  )
  const advisories = [...new Map(holding.map(({ id, severity }) => [id, { id, severity }])).values()]
  const severity = order.find((each) => advisories.some((advisory) => advisory.severity === each))
  return severity === undefined ? null : { library, version, advisories, severity }
}
