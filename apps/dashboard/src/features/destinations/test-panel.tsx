import { useMutation, useQueryClient } from '@tanstack/react-query'
import { testDestination } from '@tocsin/contract/api/destinations'
import type { DeliveryId, DestinationId } from '@tocsin/contract/ids'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'

/** How a delivery fares, drawn by whoever knows deliveries. */
export type Outcome = (deliveryId: DeliveryId) => ReactNode

/** Sends a test message as soon as it is shown, and shows what becomes of it. */
export function TestPanel(props: { destinationId: DestinationId; outcome: Outcome; children: ReactNode }) {
  const { client } = useSigned()
  const queries = useQueryClient()
  const params = { destinationId: props.destinationId }
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => client.call(testDestination, { params }),
    // That a message was planned has no event.
    onSuccess: () =>
      queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('deliveries' satisfies Refetched) }),
    meta: { shownByForm: true },
  })
  const isSent = useRef(false)
  useEffect(() => {
    if (isSent.current) return // Once, however often React mounts it.
    isSent.current = true
    mutate()
  }, [mutate])
  return (
    <>
      {error && <ProblemNote error={error} />}
      {data && <div key={data.id}>{props.outcome(data.id)}</div>}
      <div className="dialog-actions">
        <Button look="quiet" icon="refresh" busy={isPending} onClick={() => mutate()}>
          Test again
        </Button>
        {props.children}
      </div>
    </>
  )
}
