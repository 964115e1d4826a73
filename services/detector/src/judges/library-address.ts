import type { KnownLibrary } from './known-vulnerabilities.ts'
import type { Identified } from './library-data.ts'
import { type LibraryNames, libraryNames } from './library-names.ts'
import { versionPattern } from './library-version.ts'

const urlLengthMax = 2_000
const suffixes =
  '(?:[.-](?:min|slim|pack|packed|prod|production|development|dev|debug|umd|esm|es|esm-browser|esm-bundler|global|browser|runtime|common|legacy|full|bundle|core|pkgd|all|module|iife|compressed|cjs|es5|latest|compat|modern|underscore|custom))*'
const fingerprint = '(?:[.-][0-9a-f]{8,64})?'
const ending = String.raw`\.[cm]?js$`

interface Named extends LibraryNames {
  readonly library: KnownLibrary
  readonly file: RegExp
  readonly ownFile: RegExp
}

const fileOf = (names: string): RegExp =>
  new RegExp(
    `^(?:${names})(?:[.-](?:min|slim|full|pack|runtime|bundle))?(?:[-._@]?v?(${versionPattern}))?${suffixes}${fingerprint}${ending}`,
    'i',
  )
const libraries = (Object.entries(libraryNames) as [KnownLibrary, LibraryNames][]).map(
  ([library, names]): Named => ({ ...names, library, file: fileOf(names.files), ownFile: fileOf(names.ownFiles) }),
)
const index = (of: 'packages' | 'folders' | 'wholeFolders') =>
  new Map(libraries.flatMap((each) => each[of].map((name) => [name, each] as const)))
const [byPackage, byFolder, byWholeFolder] = [index('packages'), index('folders'), index('wholeFolders')]

/** Folders between a version and the file that say nothing. */
const passing =
  /^(?:js|dist|min|src|build|lib|umd|cjs|esm|es5|release|releases|standard|standard-all|full|full-all|basic|classic|inline|balloon|prod|legacy|dojo|yui|yuiloader|yahoo-dom-event|latest|js-min|jquery|mathjax|bundles|media)$/i
const bareVersion = new RegExp(`^v?(${versionPattern}|r\\d{2,3})$`, 'i')
const namedVersion = new RegExp(`^(.{1,60}?)[-_.]v?(${versionPattern})(?:[-.](?:dist|min|full|standard|custom))?$`, 'i')
const cdns =
  /(?:^|\.)(?:googleapis\.com|jquery\.com|cloudflare\.com|bootstrapcdn\.com|aspnetcdn\.com|jsdelivr\.net|unpkg\.com|angularjs\.org|datatables\.net|ckeditor\.com|highcharts\.com|yahooapis\.com|yandex\.st|yastatic\.net|bootcss\.com|bootcdn\.net|staticfile\.org|baomitu\.com|emberjs\.com|fb\.me|mathjax\.org|tiny\.cloud|tinymce\.com|sinaapp\.com|microsoft\.com)$/i
const partsMax = 20

/** The libraries that a script's address names, with the version where it can only be theirs. */
export function byAddress(address: string): Identified[] {
  const url = URL.parse(address.slice(0, urlLengthMax), 'https://page.invalid/')
  if (!url) return []
  const path = decoded(url.pathname)
  const parts = combined(path) ?? [path]
  return parts.slice(0, partsMax).flatMap((part) => identify(url, part) ?? [])
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // An escape that is none: read as it stands.
    return path
  }
}

/** jsDelivr puts several packages into one answer: `/combine/npm/a@1.0.0,npm/b@2.0.0/b.js`, and once `/g/a@1.0.0,b@2.0.0(x.js+y.js)`. */
function combined(path: string): string[] | null {
  const [, kind, list = ''] = /^\/(combine|g)\/(.*)$/s.exec(path) ?? []
  if (kind === undefined) return null
  return list.split(',').map((part) => `/${kind === 'g' ? part.replace(/\(.*$/s, '') : part}`)
}

function identify(url: URL, path: string): Identified | null {
  const segments = path.split('/').filter((segment) => segment !== '')
  const file = segments.at(-1) ?? ''
  const packaged = packageOf(segments)
  if (packaged) return fromPackage(packaged, file)
  const folders = segments.slice(0, -1)
  for (const each of libraries) {
    const { library, file: pattern } = each
    if (isForeignPath(library, segments)) continue
    const match = pattern.exec(file)
    const isOwn = !match && each.ownFile.test(file)
    if (!match && !isOwn) continue
    const version = match?.[1] ?? versionAbove(url.hostname, folders, each, isOwn) ?? versionAsked(url, path)
    if (version !== null) return { library, version: spelled(library, version) }
  }
  return fromWholeFolder(segments, file)
}

interface Packaged {
  readonly name: string
  readonly version: string
  readonly isWhole: boolean
  readonly isRepository: boolean
}

/** `/npm/vue@2.6.11/dist/vue.js`, `/@scope/name@1.2.3`, `/gh/owner/name@1.2.3/…`. A file that is called `name@1.2.3.js` is none. */
function packageOf(segments: readonly string[]): Packaged | null {
  const index = segments.findIndex((segment) => segment.lastIndexOf('@') > 0)
  const segment = segments[index]
  if (segment === undefined) return null
  const at = segment.lastIndexOf('@')
  const isLast = index === segments.length - 1
  if (isLast && new RegExp(ending, 'i').test(segment)) return null
  const scope = segments[index - 1]?.startsWith('@') ? `${segments[index - 1]}/` : ''
  return {
    // JSPM: `npm:name@1.2.3`.
    name: (scope + segment.slice(0, at).replace(/^npm:/, '')).toLowerCase(),
    version: segment.slice(at + 1),
    isWhole: isLast || segments[index + 1] === '+esm',
    isRepository: segments[index - 2] === 'gh',
  }
}

/** All scripts of a package on npm are parts of its library; of a repository somebody may have called theirs so. */
function fromPackage({ name, version, isWhole, isRepository }: Packaged, file: string): Identified | null {
  const known = isRepository ? byFolder.get(name) : (byPackage.get(name) ?? byWholeFolder.get(name))
  const exact = bareVersion.exec(version)?.[1]
  if (!known || exact === undefined) return null
  const isIts = isRepository ? known.file.test(file) || known.ownFile.test(file) : scriptFile.test(file)
  return isWhole || isIts ? { library: known.library, version: spelled(known.library, exact) } : null
}

const scriptFile = new RegExp(ending, 'i')

/** `/axios/0.18.0/anything.js`, where nobody else's files are. */
function fromWholeFolder(segments: readonly string[], file: string): Identified | null {
  if (!scriptFile.test(file)) return null
  for (const [index, segment] of segments.slice(0, -2).entries()) {
    const known = byWholeFolder.get(segment.toLowerCase())
    const version = bareVersion.exec(segments[index + 1] ?? '')?.[1]
    if (known && version !== undefined) return { library: known.library, version: spelled(known.library, version) }
  }
  return null
}

/** ckeditor.js is what both editors call their file. */
function isForeignPath(library: KnownLibrary, segments: readonly string[]): boolean {
  return library === 'ckeditor' && segments.some((segment) => /^ckeditor5/i.test(segment))
}

const foldersMax = 4

/** The version that a folder above the file names, if it can only be the library's. */
function versionAbove(host: string, folders: readonly string[], { folders: names }: Named, isOwn: boolean): string | null {
  for (let index = folders.length - 1; index >= Math.max(0, folders.length - foldersMax); index -= 1) {
    const folder = folders[index] ?? ''
    const bare = bareVersion.exec(folder)?.[1]
    if (bare !== undefined) return isOwnVersion(host, folders[index - 1], bare, names, isOwn) ? bare : null
    const [, name = '', version] = namedVersion.exec(folder) ?? []
    if (version !== undefined) return names.includes(name.toLowerCase()) ? version : null
    if (!passing.test(folder) && !names.includes(folder.toLowerCase())) return null
  }
  return null
}

/** `/jquery/1.9.1/jquery.js` says whose version it is; `/1.9.1/jquery.js` does where only libraries are served, or with three numbers. */
function isOwnVersion(
  host: string,
  above: string | undefined,
  version: string,
  names: readonly string[],
  isOwn: boolean,
): boolean {
  if (above !== undefined && names.includes(above.toLowerCase())) return true
  if (isOwn || (above !== undefined && byFolder.has(above.toLowerCase()))) return false
  if (cdns.test(host)) return above === undefined || !/^(?:npm|gh|libs)$/i.test(above)
  return /^\d+\.\d+\.\d+/.test(version)
}

/** WordPress asks for the libraries that it brings by their own versions; anywhere else `ver` is what a cache is told by. */
const versionAsked = (url: URL, path: string): string | null => {
  const asked = path.includes('/wp-includes/js/') ? url.searchParams.get('ver') : null
  return asked !== null && /^\d+\.\d+\.\d+$/.test(asked) ? asked : null
}

/** three.js counts its releases: r128 is 0.128.0. */
const spelled = (library: KnownLibrary, version: string): string =>
  library === 'threejs' && /^r?\d{2,3}$/i.test(version) ? `0.${version.replace(/\D/g, '')}.0` : version
