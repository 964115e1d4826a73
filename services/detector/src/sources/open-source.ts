import type { OrgId } from '@tocsin/contract/ids'
import type { SourceSpec } from '@tocsin/contract/source'
import { sourceKinds } from '@tocsin/contract/sources/catalog'
import type { ClaimedSource } from '@tocsin/domain/sources/claim'
import type { SecretBox } from '@tocsin/process/secret-box'
import type { Connection } from './source.ts'

/** Null: the settings, stored by another version, are not valid any more, or the credentials were sealed with another SECRET_KEY. */
export function openConnection(claimed: ClaimedSource, context: { orgId: OrgId; box: SecretBox; now: Date }): Connection | null {
  const spec: SourceSpec = sourceKinds[claimed.kind]
  const config = spec.config.safeParse(claimed.config)
  const credentials = spec.credentials.safeParse(openCredentials(claimed, context.box))
  if (!config.success || !credentials.success) return null
  return {
    orgId: context.orgId,
    siteId: claimed.siteId,
    siteUrl: claimed.siteUrl,
    // Both were parsed by the schemas of this very kind, which the compiler cannot follow through the index.
    config: config.data as Connection['config'],
    credentials: credentials.data as Connection['credentials'],
    state: claimed.adapterState,
    requestsLeft: claimed.requestsLeft,
    now: context.now,
  }
}

function openCredentials({ id, credentials }: ClaimedSource, box: SecretBox): unknown {
  if (credentials === null) return null
  try {
    return JSON.parse(box.open(credentials, id))
  } catch {
    // Sealed with another key, and so as good as lost: undefined satisfies no schema, and whoever set the source up is told.
    return undefined
  }
}
