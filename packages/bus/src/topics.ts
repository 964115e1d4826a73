import { channelOf, type workChannelOf } from '@tocsin/contract/event'
import { events } from '@tocsin/contract/events/catalog'
import type { OrgId } from '@tocsin/contract/ids'

/** What can be listened to: an org, or work that an event of one type may have made. The latter is its own channel. */
export type Topic = OrgId | WorkTopic
export type WorkTopic = ReturnType<typeof workChannelOf>

export const isWork = (topic: string): topic is WorkTopic => topic.startsWith('work:')

/** Exact channels: a pattern would cost every publish of every org, and sharded pub/sub has none. */
export const channelsOf = (topic: Topic): readonly string[] =>
  isWork(topic) ? [topic] : events.map((definition) => channelOf(topic, definition.type))
