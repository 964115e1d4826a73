import { afterEach, describe, expect, test } from '@jest/globals'
import { QueryClient, QueryObserver } from '@tanstack/react-query'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import { createLiveCache, type LiveCache, liveKey } from './live-cache.ts'
import type { Snapshot } from './snapshot.ts'
import { eventOf, keywordOf, orgId, siteOf } from './test-views.ts'

const key = [liveKey, orgId, 'sites', null]
const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

const created = (seq: number) => eventOf(seq, 'site.created', { site: siteOf(seq) })

/** A tab whose list of sites is answered when and how the story says. */
function tab(start: (cache: LiveCache) => void) {
  const queries = new QueryClient()
  const cache = createLiveCache(queries, orgId)
  start(cache)
  const waiting: ((asOf: number) => void)[] = []
  let asked = () => {}
  const queryFn = () =>
    new Promise<Snapshot>((resolve) => {
      waiting.push((asOf) => {
        const data = Array.from({ length: asOf }, (_, index) => siteOf(asOf - index))
        resolve({ kind: 'sites', filter: null, page: { data, nextCursor: null, asOf } })
      })
      asked()
    })
  const observer = new QueryObserver<Snapshot>(queries, { queryKey: key, queryFn, staleTime: Number.POSITIVE_INFINITY })
  ended.push(
    observer.subscribe(() => {}),
    () => cache.close(),
    () => queries.clear(),
  )
  return {
    cache: {
      startsAt: (seq: number) => cache.startsAt(seq),
      apply: (event: OrgEvent) => cache.apply(event),
      reset: (seq: number) => cache.reset(seq),
    },
    /** Resolves when the list is on its way. */
    asking: (): Promise<void> =>
      new Promise<void>((resolve) => {
        if (waiting.length > 0) resolve()
        else asked = resolve
      }),
    answer: async (asOf: number): Promise<void> => {
      const arrived = new Promise<void>((resolve) => {
        const stop = observer.subscribe(({ fetchStatus }) => {
          if (fetchStatus === 'fetching') return
          stop()
          resolve()
        })
      })
      waiting.shift()?.(asOf)
      await arrived
    },
    shown: () => queries.getQueryData<Snapshot>(key)?.page,
  }
}

const numbers = (page: Snapshot['page'] | undefined) => page?.data.map((item) => ('id' in item ? Number(item.id.slice(-4)) : 0))

describe('the lists of a tab', () => {
  test('an event that comes while a list is on its way is not lost, and one that the list already shows changes nothing', async () => {
    const { cache, answer, shown } = tab((live) => live.startsAt(2))
    cache.apply(created(3))
    cache.apply(created(4))
    await answer(3)
    expect(numbers(shown())).toEqual([4, 3, 2, 1])
    expect(shown()?.asOf).toBe(4)
    cache.apply(created(5))
    expect(numbers(shown())).toEqual([5, 4, 3, 2, 1])
  })

  test('a list that is older than the stream is asked for again', async () => {
    const { cache, answer, asking, shown } = tab(() => {})
    await answer(2)
    cache.startsAt(4)
    cache.apply(created(5))
    expect(shown()?.asOf).toBe(2)
    await asking()
    await answer(4)
    expect(numbers(shown())).toEqual([5, 4, 3, 2, 1])
  })

  test('after a reset everything is asked for again, and nothing from before it is applied', async () => {
    const { cache, answer, asking, shown } = tab((live) => live.startsAt(0))
    await answer(0)
    cache.apply(created(1))
    cache.reset(7)
    await asking()
    cache.apply(created(8))
    await answer(7)
    expect(numbers(shown())).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
  })

  test('a list that nobody looks at and that events no longer tell the whole of is asked for anew, whatever is applied to it', () => {
    const queries = new QueryClient()
    const cache = createLiveCache(queries, orgId)
    ended.push(() => cache.close())
    const filter = { siteId: siteOf(1).id, phrase: '' }
    const keywords = [liveKey, orgId, 'keywords', filter]
    queries.setQueryData<Snapshot>(keywords, { kind: 'keywords', filter, page: { data: [], nextCursor: null, asOf: 1 } })
    cache.startsAt(1)
    cache.apply(eventOf(2, 'keyword.changed', { siteId: siteOf(1).id, created: 3, updated: 0 }))
    cache.apply(eventOf(3, 'keyword.created', { keyword: keywordOf(1) }))
    expect(queries.getQueryData(keywords)).toBeUndefined()
  })
})
