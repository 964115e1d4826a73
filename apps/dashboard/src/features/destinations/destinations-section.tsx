import { useState } from 'react'
import { useDestinations } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { AddDestination } from './add-destination.tsx'
import { DestinationRow } from './destination-row.tsx'
import type { Outcome } from './test-panel.tsx'

/** Where people are told: by mail, in chats, on pagers and phones. */
export function DestinationsSection({ outcome }: { outcome: Outcome }) {
  const { may } = useSigned()
  const destinations = useDestinations()
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title="Destinations"
      aside={
        may('admin') && (
          <Button icon="plus" onClick={() => setAdding(true)}>
            Add a destination
          </Button>
        )
      }
    >
      <Loaded query={destinations} what="destinations">
        {(page) =>
          page.data.length === 0 ? (
            <Empty title="No team is told yet.">
              {may('admin')
                ? 'Add an address, a chat such as Slack, a pager or a phone. Members are told by mail and in their feed anyway.'
                : 'An admin can add an address, a chat, a pager or a phone here.'}
            </Empty>
          ) : (
            <>
              <ul className="rows card">
                {page.data.map((destination) => (
                  <DestinationRow key={destination.id} destination={destination} outcome={outcome} />
                ))}
              </ul>
              <Newest of={page} />
            </>
          )
        }
      </Loaded>
      {adding && <AddDestination outcome={outcome} onClose={() => setAdding(false)} />}
    </Section>
  )
}
