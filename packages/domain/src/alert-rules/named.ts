import type { AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import { Refusal, type RefusalIssue } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'

/** A rule names only what the org has; what belongs to another is not told from what does not exist. */
export async function requireNamed(
  { tx }: Pick<Change, 'tx'>,
  { filter, notify, escalation }: Pick<AlertRuleInput, 'filter' | 'notify' | 'escalation'>,
): Promise<void> {
  const notified = [notify, ...(escalation?.steps.map((step) => step.notify) ?? [])]
  const destinations = notified.flatMap((each) => (each.destinations === 'all' ? [] : each.destinations))
  const members = notified.flatMap((each) => (typeof each.members === 'string' ? [] : each.members))
  const { rows } = await tx.query<RefusalIssue>(
    `select 'filter.siteIds' as path, 'No such site: ' || n.id || '.' as message
     from unnest($1::text[]) n (id) where not exists (select from site where site.id = n.id)
     union all
     select 'notify.destinations', 'No such destination: ' || n.id || '.'
     from unnest($2::text[]) n (id) where not exists (select from destination where destination.id = n.id)
     union all
     select 'notify.members', 'No such member: ' || n.id || '.'
     from unnest($3::text[]) n (id) where not exists (select from member where member.account_id = n.id)`,
    [filter.siteIds, destinations, members],
  )
  if (rows.length > 0) throw new Refusal('invalid', 'The rule names something that is not there.', { issues: rows.slice(0, 20) })
}
