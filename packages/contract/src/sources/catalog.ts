import { z } from 'zod'
import { crux } from './crux.ts'
import { ct } from './ct.ts'
import { rdap } from './rdap.ts'
import { safeBrowsing } from './safe-browsing.ts'
import { searchConsole } from './search-console.ts'
import { serpapi } from './serpapi.ts'
import { serper } from './serper.ts'
import { webRisk } from './web-risk.ts'

/** Every kind of source, in the order of the documentation. */
export const sourceKinds = {
  search_console: searchConsole,
  serper,
  serpapi,
  crux,
  safe_browsing: safeBrowsing,
  web_risk: webRisk,
  rdap,
  ct,
} as const

type SourceKinds = typeof sourceKinds
export type SourceKind = keyof SourceKinds
export type SourceConfig<Kind extends SourceKind = SourceKind> = z.infer<SourceKinds[Kind]['config']>
export type SourceCredentials<Kind extends SourceKind = SourceKind> = z.infer<SourceKinds[Kind]['credentials']>

export const SourceKind = z
  .enum(['search_console', 'serper', 'serpapi', 'crux', 'safe_browsing', 'web_risk', 'rdap', 'ct'])
  .meta({ id: 'SourceKind' }) satisfies z.ZodType<SourceKind>
