import { isDeepStrictEqual } from 'node:util'
import type { RuleSetting } from '@tocsin/contract/api/rules'
import { ruleConfigured } from '@tocsin/contract/events/rules'
import type { SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import { ruleSpec } from '@tocsin/contract/rules/catalog'
import type { Change } from '@tocsin/journal/change'
import { judgeDataSoon } from '../data-watch/data-watch.ts'
import { lockSite } from '../sites/sites.ts'
import { storableJson } from '../storable-json.ts'
import { defaultsOf, settingView } from './rules.read.ts'

/** As many faults as a problem tells, and as much of a name. */
const issuesMax = 20
const nameLengthMax = 200

/** Changes the thresholds that are named; null sets one back to its default. */
export async function configureRule(
  change: Change,
  input: { siteId: SiteId; rule: string; config: Readonly<Record<string, unknown>> },
): Promise<RuleSetting> {
  const site = await lockSite(change, input.siteId)
  const spec = ruleSpec(input.rule)
  if (!spec) throw new Refusal('not_found', 'No such rule.')
  const { rows } = await change.tx.query<{ config: Record<string, unknown> }>(
    'select config from rule_setting where site_id = $1 and rule = $2',
    [site.id, spec.id],
  )
  // Null is for thresholds that are there; zod is not asked, because a name that is left out is not unknown to it.
  const defaults = defaultsOf(spec)
  const unknown = Object.keys(input.config).filter((name) => !Object.hasOwn(defaults, name))
  if (unknown.length > 0)
    throw new Refusal('invalid', 'The rule has no such threshold.', {
      issues: unknown.slice(0, issuesMax).map((name) => ({ path: name.slice(0, nameLengthMax), message: 'Unknown field.' })),
    })
  // What was stored under a name that is no more is forgotten.
  const wanted = Object.fromEntries(
    Object.entries({ ...rows[0]?.config, ...input.config }).filter(
      ([name, value]) => value !== null && Object.hasOwn(defaults, name),
    ),
  )
  const parsed = spec.config.safeParse(wanted)
  if (!parsed.success)
    throw new Refusal('invalid', 'A threshold is not within its bounds.', {
      issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    })
  // Whoever asks for what is there already has it.
  if (isDeepStrictEqual(wanted, rows[0]?.config ?? {})) return settingView(site.id, spec, wanted)
  await change.tx.query(
    `insert into rule_setting (org_id, site_id, rule, config, updated_at) values ($1, $2, $3, $4, $5)
     on conflict (site_id, rule) do update set config = excluded.config, updated_at = excluded.updated_at`,
    [change.orgId, site.id, spec.id, storableJson(wanted), change.now],
  )
  const setting = settingView(site.id, spec, wanted)
  change.emit(ruleConfigured, { setting })
  await judgeDataSoon(change, site.id)
  return setting
}
