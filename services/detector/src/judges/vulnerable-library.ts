import type { Severity } from '@tocsin/contract/rule'
import { type KnownLibrary, knownVulnerabilities } from './known-vulnerabilities.ts'
import type { Advisory, AffectedRange, Identified, LibraryData } from './library-data.ts'
import { libraryMarks, libraryNames } from './library-names.ts'
import { compareVersions, partsOf, spanOf, versionPattern } from './library-version.ts'

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
  id: 'own',
  ranges: new Map(Object.entries(knownVulnerabilities).map(([library, lines]) => [library, lines.split('\n').map(rangeOf)])),
  byAddress,
  byContent,
}

/** One for the whole process, as what is known of libraries is the same for every site; chosen once, before anything is judged. */
let inUse = ownLibraries
export const librariesInUse = (): LibraryData => inUse
export function useLibraries(data: LibraryData): void {
  inUse = data
}

function rangeOf(line: string): AffectedRange {
  const [span = '', severity = '', id = ''] = line.trim().split(' ')
  const [from = '', below = ''] = span.split('..')
  if (!isSeverity(severity) || below === '') throw new Error(`Not a line of known vulnerabilities: ${line}`)
  return { id, severity, from: partsOf(from || '0'), below: partsOf(below), excludes: new Set() }
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

const urlLengthMax = 2_000
const suffixes =
  '(?:[.-](?:min|slim|pack|packed|prod|production|development|dev|debug|umd|esm|es|esm-browser|global|browser|runtime|common|legacy|full|bundle|core|pkgd|all|module|iife|compressed|cjs|es5|latest|compat|modern|underscore))*'
const fingerprint = '(?:[.-][0-9a-f]{8,64})?'
const ending = String.raw`\.[cm]?js$`

const libraries = (Object.entries(libraryNames) as [KnownLibrary, (typeof libraryNames)[KnownLibrary]][]).map(
  ([library, { packages, files }]) => ({
    library,
    packages: new Set<string>(packages),
    file: new RegExp(`^(?:${files.join('|')})(?:[-._]?v?(${versionPattern}))?${suffixes}${fingerprint}${ending}`, 'i'),
  }),
)
const byPackage = new Map(libraries.flatMap((each) => [...each.packages].map((name) => [name, each] as const)))

/** Folders between a version and the file that say nothing. */
const passing =
  /^(?:js|dist|min|src|build|lib|umd|cjs|esm|es5|release|releases|standard|standard-all|full|full-all|basic|classic|inline|balloon|prod|legacy|dojo|yui|latest|js-min|jquery|mathjax)$/i
const bareVersion = new RegExp(`^v?(${versionPattern}|r\\d{2,3})$`, 'i')
const cdns =
  /(?:^|\.)(?:googleapis\.com|jquery\.com|cloudflare\.com|bootstrapcdn\.com|aspnetcdn\.com|jsdelivr\.net|unpkg\.com|angularjs\.org|datatables\.net|ckeditor\.com|highcharts\.com|yahooapis\.com|yandex\.st|yastatic\.net|bootcss\.com|bootcdn\.net|staticfile\.org|baomitu\.com|emberjs\.com|fb\.me|mathjax\.org|tiny\.cloud|tinymce\.com|sinaapp\.com|microsoft\.com)$/i

function byAddress(address: string): Identified[] {
  const url = URL.parse(address.slice(0, urlLengthMax), 'https://page.invalid/')
  if (!url) return []
  const path = decoded(url.pathname)
  // jsDelivr puts several packages into one answer.
  const parts = path.startsWith('/combine/')
    ? path
        .slice('/combine/'.length)
        .split(',')
        .map((part) => `/${part}`)
    : [path]
  return parts.flatMap((part) => identify(url.hostname, part) ?? [])
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // An escape that is none: read as it stands.
    return path
  }
}

function identify(host: string, path: string): Identified | null {
  const segments = path.split('/').filter((segment) => segment !== '')
  const file = segments.at(-1) ?? ''
  const packaged = packageOf(segments)
  if (packaged) return fromPackage(packaged, file)
  for (const { library, packages, file: pattern } of libraries) {
    const match = pattern.exec(file)
    if (!match || isForeignPath(library, segments)) continue
    const version = match[1] ?? versionAbove(host, segments.slice(0, -1), packages)
    if (version !== null) return { library, version: spelled(library, version) }
  }
  return null
}

/** `/npm/vue@2.6.11/dist/vue.js`, `/@scope/name@1.2.3`, `/gh/owner/name@1.2.3/…`. */
function packageOf(segments: readonly string[]): { name: string; version: string; isWhole: boolean } | null {
  const index = segments.findIndex((segment) => segment.lastIndexOf('@') > 0)
  const segment = segments[index]
  if (segment === undefined) return null
  const at = segment.lastIndexOf('@')
  const scope = segments[index - 1]?.startsWith('@') ? `${segments[index - 1]}/` : ''
  return {
    name: (scope + segment.slice(0, at)).toLowerCase(),
    version: segment.slice(at + 1),
    isWhole: index === segments.length - 1,
  }
}

function fromPackage(
  { name, version, isWhole }: { name: string; version: string; isWhole: boolean },
  file: string,
): Identified | null {
  const known = byPackage.get(name)
  const exact = bareVersion.exec(version)?.[1]
  if (!known || exact === undefined || known.library === 'nextjs') return null
  if (!isWhole && !known.file.test(file)) return null
  return { library: known.library, version: exact }
}

/** ckeditor.js is what both editors call their file. */
function isForeignPath(library: KnownLibrary, segments: readonly string[]): boolean {
  const isFive = segments.some((segment) => /^ckeditor5/i.test(segment))
  return (library === 'ckeditor' && isFive) || (library === 'ckeditor5' && !isFive)
}

const foldersMax = 4

/** The version that a folder above the file names, if it can only be the library's. */
function versionAbove(host: string, folders: readonly string[], packages: ReadonlySet<string>): string | null {
  for (let index = folders.length - 1; index >= Math.max(0, folders.length - foldersMax); index -= 1) {
    const folder = folders[index] ?? ''
    const bare = bareVersion.exec(folder)?.[1]
    if (bare !== undefined) return isOwnVersion(host, folders[index - 1], bare, packages) ? bare : null
    const named = new RegExp(`^(.{1,60}?)[-_.]v?(${versionPattern})(?:[-.](?:dist|min|full|standard))?$`, 'i').exec(folder)
    if (named?.[2] !== undefined) return packages.has((named[1] ?? '').toLowerCase()) ? named[2] : null
    if (!passing.test(folder) && !packages.has(folder.toLowerCase())) return null
  }
  return null
}

/** `/jquery/1.9.1/jquery.js` says whose version it is; `/1.9.1/jquery.js` does where only libraries are served, or with three numbers. */
function isOwnVersion(host: string, above: string | undefined, version: string, packages: ReadonlySet<string>): boolean {
  if (above !== undefined && packages.has(above.toLowerCase())) return true
  if (above !== undefined && byPackage.has(above.toLowerCase())) return false
  if (cdns.test(host)) return above === undefined || !/^(?:npm|gh|libs)$/i.test(above)
  return /^\d+\.\d+\.\d+/.test(version)
}

/** three.js counts its releases: r128 is 0.128.0. */
const spelled = (library: KnownLibrary, version: string): string =>
  library === 'three' && /^r?\d{2,3}$/i.test(version) ? `0.${version.replace(/\D/g, '')}.0` : version

/** Banners are at the beginning, or between the parts of a bundle. */
const contentLengthMax = 2_000_000

function byContent(content: string): Identified[] {
  const text = content.slice(0, contentLengthMax)
  return libraryMarks.flatMap(([library, mark]) => {
    const version = mark.exec(text)?.[1]
    return version === undefined ? [] : [{ library, version }]
  })
}
