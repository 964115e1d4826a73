import { useMutation } from '@tanstack/react-query'
import { expireSilence } from '@tocsin/contract/api/silences'
import type { SilenceId } from '@tocsin/contract/ids'
import { useSigned } from '../../session.tsx'
import { toast } from '../../ui/toasts.tsx'

export function useExpire() {
  const { client } = useSigned()
  return useMutation({
    mutationFn: (silenceId: SilenceId) => client.call(expireSilence, { params: { silenceId } }),
    onSuccess: () => toast('It mutes no more. What is still open is told now.'),
  })
}

/** Says that it is quiet now, and lets one take it back. */
export function useToastSilenced() {
  const expire = useExpire()
  return (silenceId: SilenceId) =>
    toast(
      <>
        Muted. Alerts go on, and what is still open at the end is told then.{' '}
        <button type="button" className="link-button" onClick={() => expire.mutate(silenceId)}>
          Undo
        </button>
      </>,
    )
}
