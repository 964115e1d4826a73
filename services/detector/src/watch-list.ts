import type { WatchedSubject } from '@tocsin/domain/threats/looks.read'
import { type Watch, type WatchList, watchKey } from './rules/verdict.ts'

const watchOf = {
  suspected: 'suspected',
  hygiene: 'hygiene',
  active: 'open',
  acknowledged: 'acknowledged',
} as const satisfies Record<WatchedSubject['state'], Watch>

export function watchList(subjects: readonly WatchedSubject[]): WatchList {
  return new Map(subjects.map(({ rule, subject, state }) => [watchKey(rule, subject), watchOf[state]]))
}
