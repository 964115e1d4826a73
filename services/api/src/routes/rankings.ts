import * as backlinks from '@tocsin/contract/api/backlinks'
import * as benchmark from '@tocsin/contract/api/benchmark'
import * as rankings from '@tocsin/contract/api/rankings'
import { recordBacklinks } from '@tocsin/domain/backlinks/backlinks'
import { listBacklinks } from '@tocsin/domain/backlinks/backlinks.read'
import { readBenchmark } from '@tocsin/domain/rankings/benchmark.read'
import { recordRankings } from '@tocsin/domain/rankings/rankings'
import { listRankingLists } from '@tocsin/domain/rankings/rankings.read'
import { visibilityHistory } from '@tocsin/domain/rankings/visibility.read'
import type { Clock } from '@tocsin/process/clock'
import { change, list, type Route, read } from '../http/route.ts'

/** Of a query, where there is only text. */
const isTrue = (text: 'true' | 'false' | undefined): boolean | undefined => (text === undefined ? undefined : text === 'true')

/** What the body says of the list holds; what it does not say may stand in the query, where a CSV has to say it. */
export const rankingRoutes = ({ clock }: { clock: Clock }): Route[] => [
  change(rankings.pushRankings, (change, { params, query, body }) =>
    recordRankings(change, { ...query, complete: isTrue(query.complete), ...body, ...params, source: 'push' }),
  ),
  list(rankings.listRankings, (sql, { params, query }) => listRankingLists(sql, { ...params, ...query })),
  change(backlinks.pushBacklinks, (change, { params, query, body }) =>
    recordBacklinks(change, { ...query, complete: isTrue(query.complete), ...body, ...params }),
  ),
  list(backlinks.listBacklinks, (sql, { params, query }) => listBacklinks(sql, { ...params, ...query })),
  read(benchmark.getBenchmark, (sql, { params }) => readBenchmark(sql, { ...params, now: clock.now() })),
  read(benchmark.getVisibility, (sql, { params, query }) => visibilityHistory(sql, { ...params, ...query, now: clock.now() })),
]
