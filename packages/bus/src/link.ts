import type { Log } from '@tocsin/process/log'
import type { Topic } from './topics.ts'

/** How the bus reaches Redis: a single one, or a cluster. */
export interface Link {
  /** Rejects when Redis does not take it in time. */
  publish(channel: string, text: string): Promise<void>
  /** The subscription follows when it can. */
  want(topic: Topic, on: boolean): void
  /** Everything of the topic is heard now. */
  stands(topic: Topic): boolean
  connected(): boolean
  close(): Promise<void>
}

export interface LinkDeps {
  url: string
  log: Log
  heard: (text: string, channel: string) => void
  /** The topic is heard from now on: what was published before is in the journal. */
  missed: (topic: Topic) => void
  missedAll: () => void
}
