import { type DeliveryState, DeliveryState as DeliveryStates } from '@tocsin/contract/api/deliveries'
import { SelectField } from '../../ui/field.tsx'
import { stateWords } from './delivery-words.ts'

export function StateFilter(props: { state: DeliveryState | null; onChange: (state: DeliveryState | null) => void }) {
  return (
    <div className="list-filter">
      <SelectField
        label="State"
        value={props.state ?? ''}
        onChange={({ target }) => props.onChange(DeliveryStates.options.find((state) => state === target.value) ?? null)}
      >
        <option value="">Every delivery</option>
        {DeliveryStates.options.map((state) => (
          <option key={state} value={state}>
            {stateWords[state]}
          </option>
        ))}
      </SelectField>
    </div>
  )
}
