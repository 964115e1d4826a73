import { createInvitation } from '@tocsin/contract/api/orgs'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyLine } from '../../ui/copy-line.tsx'
import { SelectField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { roleWords } from './role-words.ts'

const roles = ['viewer', 'editor', 'admin'] as const

/** The link is shown once, here; whoever opens it within seven days is in. */
export function InviteForm() {
  const { client, org } = useSigned()
  const [url, setUrl] = useState<string | null>(null)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createInvitation,
    read: (data) => ({ role: text(data, 'role') }),
    submit: (body) => client.call(createInvitation, { params: { orgId: org.id }, body }),
    done: (invitation) => setUrl(invitation.url),
  })
  if (url) {
    return (
      <>
        <p className="prose">
          Send them this link. Whoever opens it first, within seven days, becomes a member. It is shown only now.
        </p>
        <CopyLine text={url} />
      </>
    )
  }
  return (
    <form {...form}>
      <SelectField label="Role" name="role" defaultValue="editor" error={errorOf('role')}>
        {roles.map((role) => (
          <option key={role} value={role}>
            {roleWords[role].name}: {roleWords[role].may}
          </option>
        ))}
      </SelectField>
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Make an invitation link
      </Button>
    </form>
  )
}
