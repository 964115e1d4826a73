import { useNavigate } from '@tanstack/react-router'
import { createSite, type Site } from '@tocsin/contract/api/sites'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { PaceFields, readPace, usualPace } from './site-fields.tsx'

/** Only the address is needed; whoever wants more opens it. */
export function AddSiteForm({ onAdded, submitLabel = 'Add site' }: { onAdded?: () => void; submitLabel?: string }) {
  const { client } = useSigned()
  const navigate = useNavigate()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createSite,
    read: readSite,
    submit: (body) => client.call(createSite, { body }),
    done: (site: Site) => {
      onAdded?.()
      void navigate({ to: paths.site, params: { siteId: site.id } })
    },
  })
  const urlError = errorOf('url')
  return (
    <form {...form} className="add-site">
      <TextField
        label="Web address"
        name="url"
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="https://example.com"
        error={urlError}
        hint={urlError && isAboutPrivateAddress(urlError) ? privateAddressHint : undefined}
      />
      <details className="more-fields">
        <summary>Name, pace and limits</summary>
        <TextField label="Name" name="name" hint="The host of the address, if you leave it empty." error={errorOf('name')} />
        <PaceFields pace={usualPace} errorOf={errorOf} />
      </details>
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        {submitLabel}
      </Button>
    </form>
  )
}

/** People write "example.com": what they mean is https. */
function readSite(data: FormData) {
  const url = text(data, 'url')?.trim()
  const name = text(data, 'name')
  return {
    url: url && !/^[a-z][a-z0-9+.-]*:/i.test(url.replace(/^[\w.-]+:\d/, '')) ? `https://${url}` : url,
    ...(name ? { name } : {}),
    ...readPace(data),
  }
}

const privateAddressHint = 'Tocsin stays out of private networks, so that nobody can use it to look around in yours.'

const isAboutPrivateAddress = (message: string) => /private|loopback|local|internal|reserved|not public/i.test(message)
