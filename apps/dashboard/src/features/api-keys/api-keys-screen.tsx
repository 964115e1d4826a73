import { useMutation, useQuery } from '@tanstack/react-query'
import { type ApiKey, listApiKeys, revokeApiKey } from '@tocsin/contract/api/orgs'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { apiReference } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Screen } from '../../ui/screen.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { Time } from '../../ui/time.tsx'
import { AddApiKeyForm } from './add-api-key-form.tsx'

export function ApiKeysScreen() {
  const { client, org, may } = useSigned()
  const [adding, setAdding] = useState(false)
  const [key, setKey] = useState<string | null>(null)
  const keys = useQuery({
    queryKey: ['apiKeys' satisfies Refetched, org.id],
    queryFn: ({ signal }) => client.call(listApiKeys, { signal }),
    enabled: may('admin'),
  })
  return (
    <Screen
      title="API keys"
      lead={
        <>
          For programs of yours. <a href={apiReference}>What they can do with them</a>
        </>
      }
      actions={
        may('admin') && (
          <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
            New key
          </Button>
        )
      }
    >
      {may('admin') ? (
        <Loaded query={keys} what="API keys">
          {({ data }) =>
            data.length === 0 ? (
              <Empty title="No keys yet.">A key lets a program read or change what this organisation has here.</Empty>
            ) : (
              <ul className="rows card">
                {data.map((apiKey) => (
                  <KeyRow key={apiKey.id} apiKey={apiKey} />
                ))}
              </ul>
            )
          }
        </Loaded>
      ) : (
        <Empty title="Only admins see the keys.">Ask one of them if a program of yours needs one.</Empty>
      )}
      {adding && (
        <Dialog title="New API key" onClose={() => setAdding(false)}>
          <AddApiKeyForm
            onAdded={(created) => {
              setAdding(false)
              setKey(created.key)
            }}
          />
        </Dialog>
      )}
      {key && (
        <SecretOnce
          title="Your new API key"
          secret={key}
          explain="Send it as “Authorization: Bearer …”. It is shown only now."
          onClose={() => setKey(null)}
        />
      )}
    </Screen>
  )
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const { client } = useSigned()
  const [asking, setAsking] = useState(false)
  const revoke = useMutation({
    mutationFn: () => client.call(revokeApiKey, { params: { apiKeyId: apiKey.id } }),
    onSettled: () => setAsking(false),
  })
  const over = apiKey.revokedAt !== null || (apiKey.expiresAt !== null && Date.parse(apiKey.expiresAt) < Date.now())
  return (
    <li className="row receiver">
      <span className="receiver-what">
        <strong>{apiKey.name}</strong>
        <span className="muted">
          <code>{apiKey.prefix}…</code> ·{' '}
          {apiKey.lastUsedAt ? (
            <>
              used <Time at={apiKey.lastUsedAt} />
            </>
          ) : (
            'never used'
          )}
          {apiKey.expiresAt && (
            <>
              {' '}
              · expires <Time at={apiKey.expiresAt} />
            </>
          )}
        </span>
      </span>
      <span className="chip" data-tone={over ? 'off' : 'info'}>
        {apiKey.revokedAt ? 'Revoked' : over ? 'Expired' : apiKey.scope}
      </span>
      {!apiKey.revokedAt && (
        <Button look="quiet" icon="trash" onClick={() => setAsking(true)}>
          Revoke
        </Button>
      )}
      {asking && (
        <Confirm
          title={`Revoke ${apiKey.name}?`}
          deed="Revoke key"
          busy={revoke.isPending}
          onConfirm={() => revoke.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>Programs that use it are refused at once and for good.</p>
        </Confirm>
      )}
    </li>
  )
}
