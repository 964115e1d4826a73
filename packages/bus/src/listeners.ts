import type { Envelope } from '@tocsin/contract/event'
import type { Hear, Stop } from './bus.ts'
import type { Topic } from './topics.ts'

/**
 * Who listens to what, counted: `first` and `last` tell when a subscription has to be made or dropped. `told` says of a topic whether a
 * new listener is told, a little later, that it may have missed something; else the subscription tells it when it stands.
 */
export function createListeners(on: {
  first: (topic: Topic) => void
  last: (topic: Topic) => void
  told: (topic: Topic) => boolean
}) {
  const byTopic = new Map<Topic, Set<Hear>>()

  function add(topic: Topic, hear: Hear): Stop {
    const own = (message: Envelope | null) => hear(message) // The same function may listen twice.
    const set = byTopic.get(topic) ?? new Set<Hear>()
    byTopic.set(topic, set.add(own))
    if (set.size === 1) on.first(topic)
    if (on.told(topic))
      setImmediate(() => {
        if (set.has(own)) hear(null)
      })
    return () => {
      if (!set.delete(own) || set.size > 0) return
      byTopic.delete(topic)
      on.last(topic)
    }
  }

  return {
    add,
    addAll(topics: readonly Topic[], hear: Hear): Stop {
      const stops = topics.map((topic) => add(topic, hear))
      return () => {
        for (const stop of stops) stop()
      }
    },
    topics: (): Iterable<Topic> => byTopic.keys(),
    tell(topic: Topic, message: Envelope | null) {
      for (const hear of byTopic.get(topic) ?? []) hear(message)
    },
    tellAll() {
      for (const set of byTopic.values()) for (const hear of set) hear(null)
    },
  }
}
