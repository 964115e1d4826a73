import type { SiteId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { judgeDataSoon } from '../data-watch/data-watch.ts'

/** What a registry answers: its latest word goes before the one that was the latest until now. */
export async function recordRegistration(
  change: Change,
  input: { siteId: SiteId; domain: string; expiresAt: Date | null; redemption: boolean },
): Promise<void> {
  const { siteId, domain, expiresAt, redemption } = input
  await change.tx.query(
    `insert into registration (org_id, site_id, domain, expires_at, redemption, asked_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (site_id) do update set domain = excluded.domain, expires_at = excluded.expires_at, redemption = excluded.redemption,
       asked_at = excluded.asked_at, before_expires_at = registration.expires_at, before_redemption = registration.redemption,
       before_asked_at = case when registration.domain = excluded.domain then registration.asked_at end`,
    [change.orgId, siteId, domain, expiresAt, redemption, change.now],
  )
  await judgeDataSoon(change, siteId)
}
