import { type SourceKind, sourceKinds } from '@tocsin/contract/sources/catalog'
import { useState } from 'react'
import { AreaField, SelectField, TextField } from '../../ui/field.tsx'
import { text } from '../../ui/use-form.ts'
import { readKeyFile } from './source-words.ts'

type ErrorOf = (name: string) => string | undefined

/** What the provider wants to know us by. It is sealed when it arrives and never shown again. */
export function CredentialFields({ kind, errorOf }: { kind: SourceKind; errorOf: ErrorOf }) {
  if (sourceKinds[kind].automatic) return <p className="field-hint">It needs no credentials.</p>
  if (kind === 'search_console') return <GoogleFields errorOf={errorOf} />
  return (
    <TextField
      label="API key"
      name="apiKey"
      type="password"
      autoComplete="off"
      spellCheck={false}
      hint="It is sealed when it arrives, and never shown again."
      error={errorOf('credentials.apiKey') ?? errorOf('credentials')}
    />
  )
}

function GoogleFields({ errorOf }: { errorOf: ErrorOf }) {
  const [way, setWay] = useState('service_account')
  return (
    <>
      <SelectField label="Sign in with" name="credentialType" value={way} onChange={({ target }) => setWay(target.value)}>
        <option value="service_account">A service account</option>
        <option value="oauth">An OAuth client and a refresh token</option>
      </SelectField>
      {way === 'service_account' ? (
        <KeyFileField error={errorOf('credentials')} />
      ) : (
        <>
          <TextField label="Client id" name="clientId" spellCheck={false} error={errorOf('credentials.clientId')} />
          <TextField label="Client secret" name="clientSecret" type="password" error={errorOf('credentials.clientSecret')} />
          <TextField label="Refresh token" name="refreshToken" type="password" error={errorOf('credentials.refreshToken')} />
        </>
      )}
    </>
  )
}

function KeyFileField({ error }: { error: string | undefined }) {
  const [file, setFile] = useState('')
  const read = file.trim() === '' ? null : readKeyFile(file)
  return (
    <AreaField
      label="Key file (JSON)"
      name="keyFile"
      rows={5}
      spellCheck={false}
      autoComplete="off"
      value={file}
      onChange={({ target }) => setFile(target.value)}
      hint={
        read?.ok ? (
          <>
            Now give <code>{read.value.clientEmail}</code> read access to the property in Search Console, under Settings, Users
            and permissions.
          </>
        ) : (
          'In Google Cloud: Service accounts, Keys, Add key, JSON. Paste the whole file here.'
        )
      }
      error={read?.ok === false ? read.message : error}
    />
  )
}

export function readCredentials(kind: SourceKind, data: FormData): unknown {
  if (sourceKinds[kind].automatic) return null
  if (kind !== 'search_console') return { apiKey: text(data, 'apiKey') }
  if (text(data, 'credentialType') === 'oauth') {
    const [clientId, clientSecret, refreshToken] = ['clientId', 'clientSecret', 'refreshToken'].map((name) => text(data, name))
    return { type: 'oauth', clientId, clientSecret, refreshToken }
  }
  const file = readKeyFile(text(data, 'keyFile') ?? '')
  return { type: 'service_account', ...(file.ok ? file.value : {}) }
}
