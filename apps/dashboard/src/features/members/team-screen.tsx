import { useMutation } from '@tanstack/react-query'
import { changeMemberRole, type Member, Role, removeMember } from '@tocsin/contract/api/orgs'
import { useState } from 'react'
import { useMembers } from '../../members.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Screen } from '../../ui/screen.tsx'
import { Time } from '../../ui/time.tsx'
import { InviteForm } from './invite-form.tsx'
import { roleWords } from './role-words.ts'

export function TeamScreen() {
  const { org, may } = useSigned()
  const [inviting, setInviting] = useState(false)
  const members = useMembers()
  return (
    <Screen
      title="Team"
      lead={`Who belongs to ${org.name}, and what they may do.`}
      actions={
        may('admin') && (
          <Button look="primary" icon="plus" onClick={() => setInviting(true)}>
            Invite
          </Button>
        )
      }
    >
      <Loaded query={members} what="members">
        {({ data }) => (
          <ul className="rows card">
            {data.map((member) => (
              <MemberRow key={member.userId} member={member} />
            ))}
          </ul>
        )}
      </Loaded>
      {inviting && (
        <Dialog title="Invite somebody" onClose={() => setInviting(false)}>
          <InviteForm />
        </Dialog>
      )}
    </Screen>
  )
}

function MemberRow({ member }: { member: Member }) {
  const { client, org, session, may } = useSigned()
  const [asking, setAsking] = useState(false)
  const params = { orgId: org.id, userId: member.userId }
  const change = useMutation({ mutationFn: (role: Role) => client.call(changeMemberRole, { params, body: { role } }) })
  const remove = useMutation({ mutationFn: () => client.call(removeMember, { params }), onSettled: () => setAsking(false) })
  const isSelf = member.userId === session.user.id
  // Only an owner makes or unmakes owners.
  const changeable = may('admin') && (org.role === 'owner' || member.role !== 'owner')
  const roles = Role.options.filter((role) => role !== 'owner' || org.role === 'owner')
  return (
    <li className="row member-row">
      <span className="receiver-what">
        <strong>
          {member.name || member.email} {isSelf && <span className="muted">(you)</span>}
        </strong>
        <span className="muted">
          {member.email} · since <Time at={member.joinedAt} />
        </span>
      </span>
      {changeable ? (
        <select
          aria-label={`Role of ${member.name || member.email}`}
          value={member.role}
          disabled={change.isPending}
          onChange={({ target }) => change.mutate(Role.parse(target.value))}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {roleWords[role].name}
            </option>
          ))}
        </select>
      ) : (
        <span className="chip" data-tone="off">
          {roleWords[member.role].name}
        </span>
      )}
      {changeable && (
        <Button look="quiet" icon="trash" onClick={() => setAsking(true)}>
          Remove
        </Button>
      )}
      {asking && (
        <Confirm
          title={`Remove ${member.name || member.email}?`}
          deed="Remove"
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>They lose access to {org.name} at once, also where they have it open.</p>
        </Confirm>
      )}
    </li>
  )
}
