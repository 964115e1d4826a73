import type { ComponentId } from '@tocsin/contract/ids'
import { componentUptimes } from '../components/uptime.read.ts'
import { type MetricReader, spanOf, type Window } from './reading.ts'

interface SiteOutages {
  id: string
  /** Since when it is watched: its first complete scan, or what kept it from being made. */
  watchedFrom: Date | null
  outages: { from: string; to: string | null }[]
  /** Pauses and resumptions, oldest first, of the journal. */
  turns: { at: string; paused: boolean }[]
  paused: boolean
}

/**
 * A site is out from the first look that saw so until it was seen to be well: nothing of it could be fetched, or its home page answered
 * with an error. While it is paused, and before it was watched, nobody knows.
 */
export const siteUptime: MetricReader = async (sql, { subjectIds, windows }) => {
  const { rows } = await sql.query<SiteOutages>(
    `select s.id, s.paused_at is not null as paused,
       least(s.baseline_at, min(t.first_seen_at)) as "watchedFrom",
       coalesce(jsonb_agg(jsonb_build_object('from', t.first_seen_at, 'to', t.resolved_at)) filter (where t.id is not null), '[]') as outages,
       coalesce((
         select jsonb_agg(jsonb_build_object('at', e.at, 'paused', e.type = 'site.paused') order by e.seq) from event e
         where e.org_id = s.org_id and e.at >= $2 and e.type in ('site.paused', 'site.resumed') and e.data #>> '{site,id}' = s.id
       ), '[]') as turns
     from site s
     left join threat t on t.site_id = s.id and t.state in ('active', 'acknowledged', 'accepted', 'resolved')
       and (t.rule = 'crawl.fail' or (t.rule = 'http.5xx' and t.subject = s.url)) and (t.resolved_at is null or t.resolved_at > $2)
     where s.id = any ($1)
     group by s.id`,
    [subjectIds, spanOf(windows).from],
  )
  return new Map(rows.map((site) => [site.id, windows.map((window) => siteUptimeOf(site, window))]))
}

/** Percent of the watched time, rounded down to a hundredth: a single minute never reads as 100. */
export function siteUptimeOf({ watchedFrom, outages, turns, paused }: Omit<SiteOutages, 'id'>, window: Window): number | null {
  if (!watchedFrom) return null
  const known = [Math.max(window.from.getTime(), watchedFrom.getTime()), window.to.getTime()] as const
  const watched = without([known], pauses(turns, paused))
  const down = outages.map(({ from, to }) => [ms(from), to === null ? Number.POSITIVE_INFINITY : ms(to)] as const)
  const total = length(watched)
  return total === 0 ? null : Math.floor((length(without(watched, down)) / total) * 10_000) / 100
}

type Span = readonly [from: number, to: number]
const ms = (at: string): number => new Date(at).getTime()
const length = (spans: readonly Span[]): number => spans.reduce((sum, [from, to]) => sum + Math.max(0, to - from), 0)

function pauses(turns: SiteOutages['turns'], paused: boolean): Span[] {
  const spans: Span[] = []
  // What the first turn ends has begun before all that is known; without a turn it is as it is now.
  let from = (turns[0] ? !turns[0].paused : paused) ? Number.NEGATIVE_INFINITY : null
  for (const turn of turns) {
    if (turn.paused) from ??= ms(turn.at)
    else {
      if (from !== null) spans.push([from, ms(turn.at)])
      from = null
    }
  }
  return from === null ? spans : [...spans, [from, Number.POSITIVE_INFINITY]]
}

function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
  let left = spans.filter(([from, to]) => to > from)
  for (const [from, to] of holes)
    left = left
      .flatMap((span): Span[] => [
        [span[0], Math.min(span[1], from)],
        [Math.max(span[0], to), span[1]],
      ])
      .filter(([begins, ends]) => ends > begins)
  return left
}

export const componentUptime: MetricReader = async (sql, { subjectIds, windows }) => {
  const readings = new Map<string, (number | null)[]>(subjectIds.map((id) => [id, windows.map(() => null)]))
  for (const [index, { from, to }] of windows.entries()) {
    // The caller took these ids from the table of components.
    const uptimes = await componentUptimes(sql, { componentIds: subjectIds as readonly ComponentId[], from, to })
    for (const [id, { uptime }] of uptimes) readings.get(id)?.splice(index, 1, uptime)
  }
  return readings
}
