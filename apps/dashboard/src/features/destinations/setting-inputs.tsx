import type { Destination } from '@tocsin/contract/api/destinations'
import type { ChatKind } from '@tocsin/contract/channels/catalog'
import { TextField } from '../../ui/field.tsx'
import { inputName, removalName, type SettingField, settingFields } from './setting-fields.ts'

interface SettingInputsProps {
  kind: ChatKind
  /** What there is already; absent: it is being made. */
  before?: Destination
  errorOf: (name: string) => string | undefined
}

/** The form of a kind, from its schema. What has a usual value is for the few who have another. */
export function SettingInputs({ kind, ...props }: SettingInputsProps) {
  const fields = settingFields(kind)
  const rare = fields.filter(({ usual }) => usual !== null)
  const isRareWrong = rare.some(({ name }) => props.errorOf(inputName(name)))
  return (
    <>
      {fields
        .filter(({ usual }) => usual === null)
        .map((field) => (
          <SettingInput key={field.name} field={field} {...props} />
        ))}
      {rare.length > 0 && (
        <details className="more-fields" open={isRareWrong || undefined}>
          <summary>Another server</summary>
          {rare.map((field) => (
            <SettingInput key={field.name} field={field} {...props} />
          ))}
        </details>
      )}
    </>
  )
}

function SettingInput({ field, before, errorOf }: { field: SettingField } & Omit<SettingInputsProps, 'kind'>) {
  const { name, label, hint, example, isSecret, isOptional, usual } = field
  const isKept = isSecret && before?.secrets.includes(name)
  const shown = before?.settings[name]
  return (
    <>
      <TextField
        label={isOptional ? `${label} (optional)` : label}
        name={inputName(name)}
        type={isSecret ? 'password' : 'text'}
        autoComplete={isSecret ? 'new-password' : 'off'}
        autoCapitalize="none"
        spellCheck={false}
        placeholder={isKept ? 'Leave it empty to keep what there is' : (usual ?? (example && `For example ${example}`))}
        defaultValue={!isSecret && typeof shown === 'string' && shown !== usual ? shown : undefined}
        hint={[hint, isSecret ? 'It is sealed when it arrives, and never shown again.' : ''].filter(Boolean).join(' ')}
        error={errorOf(inputName(name))}
      />
      {isKept && isOptional && (
        <label className="inline-check">
          <input type="checkbox" name={removalName(name)} />
          Take the {label.toLowerCase()} away
        </label>
      )}
    </>
  )
}
