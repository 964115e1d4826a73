import { type ReactNode, useState } from 'react'
import { AreaField } from './field.tsx'

/** What one request may carry. */
const bytesMax = 1_000_000

/** Rows from a spreadsheet: pasted, or chosen as a file. */
export function PasteField(props: {
  label: string
  hint: ReactNode
  value: string
  error: string | undefined
  placeholder: string
  onChange: (text: string) => void
}) {
  const [fileError, setFileError] = useState<string>()
  const choose = async (file: File | undefined) => {
    if (!file) return
    if (file.size > bytesMax) return setFileError('The file is larger than 1 MB. Send it in parts, or through the API.')
    setFileError(undefined)
    props.onChange(await file.text())
  }
  return (
    <>
      <AreaField
        label={props.label}
        rows={7}
        className="paste"
        spellCheck={false}
        wrap="off"
        placeholder={props.placeholder}
        value={props.value}
        hint={props.hint}
        error={fileError ?? props.error}
        onChange={({ target }) => props.onChange(target.value)}
      />
      <label className="file-choice">
        Or choose a file
        <input type="file" accept=".csv,.tsv,.txt,text/csv" onChange={({ target }) => void choose(target.files?.[0])} />
      </label>
    </>
  )
}
