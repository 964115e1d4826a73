import type { SiteId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { judgeDataSoon } from '../data-watch/data-watch.ts'
import { storableJson } from '../storable-json.ts'
import type { CruxRecord } from './crux.read.ts'

/** The same period may come again, from the daily record and from the weekly history: the newer answer stands. */
export async function recordCrux(change: Change, input: { siteId: SiteId; records: readonly CruxRecord[] }): Promise<void> {
  const byKey = new Map(
    input.records.map((record) => [[record.target, record.form, record.metric, record.lastDay].join(' '), record]),
  )
  if (byKey.size === 0) return
  await change.tx.query(
    `insert into crux_record (org_id, site_id, target, form, metric, first_day, last_day, p75, good_share, poor_share, recorded_at)
     select $1, $2, target, form, metric, "firstDay", "lastDay", p75, "goodShare", "poorShare", $3
     from jsonb_to_recordset($4) as record (target text, form text, metric text, "firstDay" date, "lastDay" date, p75 double precision,
       "goodShare" double precision, "poorShare" double precision)
     on conflict (site_id, target, form, metric, last_day) do update set first_day = excluded.first_day, p75 = excluded.p75,
       good_share = excluded.good_share, poor_share = excluded.poor_share, recorded_at = excluded.recorded_at`,
    [change.orgId, input.siteId, change.now, storableJson([...byKey.values()])],
  )
  await judgeDataSoon(change, input.siteId)
}
