/**
 * Brings what is subscribed into line with what is wanted, one command at a time for each key: whoever comes and goes quickly, or while the
 * connection breaks, ends where they should. A command that fails is tried again by `settleAll`.
 */
export function createSubscriptions<Key>(act: {
  subscribe: (key: Key) => Promise<void>
  unsubscribe: (key: Key) => Promise<void>
  stands: (key: Key) => void
  failed: (key: Key, error: unknown) => void
}) {
  const wanted = new Set<Key>()
  const held = new Set<Key>()
  const busy = new Set<Key>()

  async function settle(key: Key): Promise<void> {
    if (busy.has(key)) return
    busy.add(key)
    try {
      while (wanted.has(key) !== held.has(key)) {
        if (wanted.has(key)) {
          await act.subscribe(key)
          held.add(key)
          act.stands(key)
        } else {
          await act.unsubscribe(key)
          held.delete(key)
        }
      }
    } catch (error) {
      act.failed(key, error)
    } finally {
      busy.delete(key)
    }
  }

  return {
    stands: (key: Key): boolean => wanted.has(key) && held.has(key),
    want(key: Key, on: boolean) {
      if (on) wanted.add(key)
      else wanted.delete(key)
      void settle(key)
    },
    settleAll() {
      for (const key of [...wanted, ...held]) void settle(key)
    },
  }
}
