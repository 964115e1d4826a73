import type { Agent } from '@tocsin/contract/api/scans'
import type { SourceFault } from '@tocsin/contract/api/sources'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import type { SourceConfig, SourceCredentials, SourceKind } from '@tocsin/contract/sources/catalog'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import type { Outbound } from '@tocsin/outbound/guarded-http'
import type { Clock } from '@tocsin/process/clock'
import type { Log } from '@tocsin/process/log'
import type { DataAnomaly } from './search-console/anomalies.ts'
import type { SourceUrls } from './urls.ts'

export interface SourceDeps {
  /** Reaches the configured APIs wherever they are, and everything else as far as it is public. */
  readonly outbound: Outbound
  readonly urls: SourceUrls
  /** Days on which Search Console's figures are known to be wrong. */
  readonly anomalies: readonly DataAnomaly[]
  readonly userAgent: string
  readonly clock: Clock
  readonly log: Log
  /** Queries of the source's org: what to ask for. */
  read<Result>(orgId: OrgId, query: (sql: Sql) => Promise<Result>): Promise<Result>
}

/** A source in hand, opened. */
export interface Connection<Kind extends SourceKind = SourceKind> {
  readonly orgId: OrgId
  readonly siteId: SiteId
  readonly siteUrl: string
  readonly config: SourceConfig<Kind>
  readonly credentials: SourceCredentials<Kind>
  /** What the last fetch left for this one: the adapter parses its own JSON. `{}` at first and after a change of settings. */
  readonly state: unknown
  /** Of today's budget: no more may be used. At least one. */
  readonly requestsLeft: number
  readonly now: Date
}

export type Fetched =
  | {
      readonly ok: true
      /** Writes what was measured, in the change that moves the cursor. */
      record(change: Change): Promise<void>
      /** At most 256 KiB of JSON. */
      readonly state: object
      /** Null: after `everySeconds`. */
      readonly nextAt: Date | null
      readonly requestsUsed: number
    }
  | {
      readonly ok: false
      readonly reason: SourceFault
      /** For whoever set the source up. Never a credential, never a foreign body as it came. */
      readonly detail: string
      /** When the provider wants to be asked again. */
      readonly retryAt: Date | null
      readonly requestsUsed: number
    }

export type Tested =
  | { readonly ok: true; readonly detail: string; readonly requestsUsed: number }
  | { readonly ok: false; readonly reason: SourceFault; readonly detail: string; readonly requestsUsed: number }

export interface SourceAdapter<Kind extends SourceKind = SourceKind> {
  readonly kind: Kind
  /** Whose executions refresh it. */
  readonly agent: Agent
  /** Between two fetches, if the fetch itself does not say otherwise. */
  readonly everySeconds: number
  /** One refresh. Never throws for what the outside does. Writes nothing itself. */
  fetch(deps: SourceDeps, connection: Connection<Kind>, signal: AbortSignal): Promise<Fetched>
  /** The least that tells whether a fetch would work. */
  test(deps: SourceDeps, connection: Connection<Kind>, signal: AbortSignal): Promise<Tested>
}
