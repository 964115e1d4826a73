import type { Severity } from '@tocsin/contract/rule'
import type { VersionParts } from './library-version.ts'

export interface Advisory {
  /** As CVE or GitHub number it; others by library and release. */
  readonly id: string
  readonly severity: Severity
}

/** Releases that an advisory holds for. */
export interface AffectedRange extends Advisory {
  readonly from: VersionParts
  /** Null: no release is known that it does not hold for. */
  readonly below: VersionParts | null
  readonly excludes: ReadonlySet<string>
}

export interface Identified {
  readonly library: string
  readonly version: string
}

/** What is known of libraries: how they are recognised, and which of their releases have weaknesses. */
export interface LibraryData {
  /** Another one for other data: what was found by some says nothing of what others would find. */
  readonly id: string
  readonly ranges: ReadonlyMap<string, readonly AffectedRange[]>
  byAddress(address: string): Identified[]
  byContent(content: string): Identified[]
}
