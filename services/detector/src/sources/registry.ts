import type { SourceKind } from '@tocsin/contract/sources/catalog'
import { crux } from './crux/adapter.ts'
import { rdap } from './rdap/adapter.ts'
import { searchConsole } from './search-console/adapter.ts'
import type { SourceAdapter } from './source.ts'

/** What we know how to fetch, by kind. */
export type SourceRegistry = { readonly [Kind in SourceKind]?: SourceAdapter<Kind> }

export const sourceRegistry: SourceRegistry = {
  search_console: searchConsole,
  crux,
  rdap,
}
