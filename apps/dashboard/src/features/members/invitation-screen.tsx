import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { acceptInvitation } from '@tocsin/contract/api/orgs'
import { paths } from '../../paths.ts'
import { sessionQuery, useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Screen } from '../../ui/screen.tsx'
import { toast } from '../../ui/toasts.tsx'

/** Where an invitation's link leads. Opening it does nothing yet: a preview of the link must not use it up. */
export function InvitationScreen({ token }: { token: string }) {
  const { client, chooseOrg } = useSigned()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const accept = useMutation({
    mutationFn: () => client.call(acceptInvitation, { body: { token } }),
    onSuccess: async (org) => {
      await queries.refetchQueries({ queryKey: sessionQuery.queryKey })
      chooseOrg(org.id)
      toast(`Welcome to ${org.name}.`)
      await navigate({ to: paths.sites })
    },
  })
  return (
    <Screen title="You are invited" lead="Somebody wants you in their organisation.">
      <div className="button-row">
        <Button look="primary" busy={accept.isPending} onClick={() => accept.mutate()}>
          Join
        </Button>
      </div>
    </Screen>
  )
}
