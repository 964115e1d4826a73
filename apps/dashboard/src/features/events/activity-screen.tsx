import type { OrgEvent } from '@tocsin/contract/events/catalog'
import { useFeed } from '../../live/lists.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Screen } from '../../ui/screen.tsx'
import { Time } from '../../ui/time.tsx'
import { iconOf, sentenceOf } from './event-words.ts'

/** What happened in the organisation, as it happens. */
export function ActivityScreen() {
  const feed = useFeed()
  return (
    <Screen title="Activity" lead="Everything that happens here, the moment it happens.">
      <Loaded query={feed} what="the activity">
        {({ data }) => {
          const told = data.filter((event) => event.type !== 'threat.summary_changed') // The threat itself was told just before.
          return told.length === 0 ? (
            <Empty title="Nothing has happened yet.">Add a site and watch this space.</Empty>
          ) : (
            <ol className="rows card feed">
              {told.map((event) => (
                <FeedRow key={event.seq} event={event} />
              ))}
            </ol>
          )
        }}
      </Loaded>
    </Screen>
  )
}

function FeedRow({ event }: { event: OrgEvent }) {
  const { what, about } = sentenceOf(event)
  const { icon, tone } = iconOf(event.type)
  return (
    <li className="row feed-row">
      <span className="feed-icon" data-tone={tone}>
        <Icon name={icon} size={14} />
      </span>
      <span className="feed-what">
        {what}
        {about && <span className="address">{about}</span>}
      </span>
      <span className="muted feed-when">
        <Time at={event.at} />
      </span>
      <span className="muted feed-seq" title="The event's number in the journal">
        {event.seq}
      </span>
    </li>
  )
}
