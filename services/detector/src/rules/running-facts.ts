import type { FoundLibrary } from '../judges/page-running.ts'
import type { ScriptFacts } from '../judges/script-analysis.ts'
import type { FileNews, KnownFile } from '../judges/script-file.ts'

/** A script with a signal, wherever it was seen. */
export interface SeenScript {
  readonly facts: ScriptFacts
  readonly urls: readonly string[]
  readonly pages: number
  /** Cards or passwords are typed on one of them. */
  readonly isSensitive: boolean
}

export interface SeenHost {
  readonly urls: readonly string[]
  readonly pages: number
  /** Of how many templates it is a part. */
  readonly templates: number
}

export interface SeenLibrary {
  readonly found: FoundLibrary
  readonly urls: readonly string[]
  readonly pages: number
}

/** Where a file of script is loaded. */
export interface SeenAddress {
  readonly urls: readonly string[]
  readonly pages: number
  /** Cards or passwords are typed on one of them. */
  readonly isSensitive: boolean
}

/** A library that a file of script holds, as far as a verdict needs it. */
export type HeldLibrary = Pick<FoundLibrary, 'version' | 'advisories'> & { readonly library: string }

export type FileReading =
  | { readonly kind: 'gone' }
  | { readonly kind: 'unchanged'; readonly libraries: readonly HeldLibrary[] }
  | {
      readonly kind: 'read'
      readonly etag: string | null
      readonly lastModified: string | null
      readonly libraries: readonly HeldLibrary[]
      /** Null of other people's. */
      readonly known: KnownFile | null
      readonly news: FileNews
    }

/** A file of script that pages load. */
export interface SeenFile extends SeenAddress {
  readonly url: string
  /** The same for each of its releases. */
  readonly name: string
  /** It lies on the site's own hosts. */
  readonly isOwn: boolean
  /** Null: it could not be read this time. */
  readonly read: FileReading | null
}

export interface SpamPage {
  readonly url: string
  readonly hiddenLinks: readonly string[]
  readonly terms: readonly string[]
}

/** What the pages of a site run and hide, each thing once. */
export interface SiteRunning {
  /** By key. */
  readonly scripts: ReadonlyMap<string, SeenScript>
  /** By domain; the site's own is none of them. */
  readonly hosts: ReadonlyMap<string, SeenHost>
  readonly libraries: ReadonlyMap<string, SeenLibrary>
  /** Files of script, by address. */
  readonly addresses: ReadonlyMap<string, SeenAddress>
  /** Pages with hidden links or spam, by template. */
  readonly spam: ReadonlyMap<string, readonly SpamPage[]>
  /** Templates of which a page was seen. */
  readonly templates: number
}
