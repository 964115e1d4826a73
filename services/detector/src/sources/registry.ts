import type { SourceKind } from '@tocsin/contract/sources/catalog'
import { crux } from './crux/adapter.ts'
import { ct } from './ct/adapter.ts'
import { rdap } from './rdap/adapter.ts'
import { safeBrowsing } from './safe-browsing/adapter.ts'
import { searchConsole } from './search-console/adapter.ts'
import { serpapi } from './serpapi/adapter.ts'
import { serper } from './serper/adapter.ts'
import type { SourceAdapter } from './source.ts'
import { webRisk } from './web-risk/adapter.ts'

/** What we know how to fetch, by kind. */
export type SourceRegistry = { readonly [Kind in SourceKind]?: SourceAdapter<Kind> }

/** A kind without an adapter does not compile. */
export const sourceRegistry = {
  search_console: searchConsole,
  serper,
  serpapi,
  crux,
  rdap,
  safe_browsing: safeBrowsing,
  web_risk: webRisk,
  ct,
} satisfies Required<SourceRegistry>
