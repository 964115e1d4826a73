import type { AlertNotify } from '@tocsin/contract/api/alert-rules'
import { useDestinations } from '../../live/lists.ts'
import { useMembers } from '../../members.ts'
import { Choices } from '../../ui/choices.tsx'
import { SelectField } from '../../ui/field.tsx'

/** Who is told. Each of them then hears it by their own preferences. */
export function NotifyFields(props: {
  notify: AlertNotify
  onChange: (notify: AlertNotify) => void
  error?: string | undefined
}) {
  const { notify, onChange, error } = props
  const places = useDestinations().data?.data ?? []
  const people = useMembers().data?.data ?? []
  const { destinations, members } = notify
  return (
    <>
      <SelectField
        label="Destinations"
        value={destinations === 'all' ? 'all' : 'these'}
        error={error}
        onChange={({ target }) => onChange({ ...notify, destinations: target.value === 'all' ? 'all' : [] })}
      >
        <option value="all">Every destination</option>
        <option value="these">Only these</option>
      </SelectField>
      {destinations !== 'all' && (
        <Choices
          label="Only these destinations"
          options={places.map(({ id, name, address }) => ({ value: id, label: name || address }))}
          chosen={destinations}
          onChange={(chosen) => onChange({ ...notify, destinations: chosen })}
          hint={places.length === 0 ? 'There are none yet: they are added under Notify.' : undefined}
        />
      )}
      <SelectField
        label="Members"
        value={typeof members === 'string' ? members : 'these'}
        onChange={({ target }) =>
          onChange({ ...notify, members: target.value === 'all' ? 'all' : target.value === 'none' ? 'none' : [] })
        }
      >
        <option value="all">Every member</option>
        <option value="none">No member</option>
        <option value="these">Only these</option>
      </SelectField>
      {typeof members !== 'string' && (
        <Choices
          label="Only these members"
          options={people.map(({ userId, name, email }) => ({ value: userId, label: name || email }))}
          chosen={members}
          onChange={(chosen) => onChange({ ...notify, members: chosen })}
        />
      )}
    </>
  )
}
