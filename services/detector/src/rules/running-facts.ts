import type { FoundLibrary } from '../judges/page-running.ts'
import type { ScriptFacts } from '../judges/script-analysis.ts'

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
  /** Pages with hidden links or spam, by template. */
  readonly spam: ReadonlyMap<string, readonly SpamPage[]>
  /** Templates of which a page was seen. */
  readonly templates: number
}
