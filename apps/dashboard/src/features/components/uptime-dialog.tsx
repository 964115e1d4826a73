import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type Component, getComponentUptime } from '@tocsin/contract/api/components'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField } from '../../ui/field.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { lengthText, uptimeText } from './uptime-words.ts'

const spans = [7, 30, 90, 365] as const

/** How much of the time it was up, and how that is counted. */
export function UptimeDialog({ component, onClose }: { component: Component; onClose: () => void }) {
  const { client, org } = useSigned()
  const [days, setDays] = useState(90)
  const uptime = useQuery({
    queryKey: ['components' satisfies Refetched, org.id, 'uptime', component.id, days],
    queryFn: ({ signal }) => client.call(getComponentUptime, { params: { componentId: component.id }, query: { days }, signal }),
    placeholderData: keepPreviousData,
  })
  return (
    <Dialog title={`Uptime of ${component.name}`} onClose={onClose}>
      <SelectField label="Over the last" value={days} onChange={({ target }) => setDays(Number(target.value))}>
        {spans.map((span) => (
          <option key={span} value={span}>
            {span} days
          </option>
        ))}
      </SelectField>
      <Loaded query={uptime} what="the uptime">
        {(data) => (
          <>
            <p className="uptime-now">{uptimeText(data)}</p>
            <dl className="facts facts-short">
              <dt>Up</dt>
              <dd>{lengthText(data.upSeconds)}</dd>
              <dt>Down</dt>
              <dd>{lengthText(data.downSeconds)}</dd>
              <dt>Maintenance</dt>
              <dd>{lengthText(data.maintenanceSeconds)}</dd>
            </dl>
            <p className="field-hint">
              Up ÷ (up + down). Partial and major outages are down; maintenance and the time before it was listed do not count.
            </p>
          </>
        )}
      </Loaded>
    </Dialog>
  )
}
