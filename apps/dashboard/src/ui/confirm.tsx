import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

/** For what cannot be undone: says what will be gone, and the button names the deed. */
export function Confirm(props: {
  title: string
  deed: string
  busy: boolean
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <div className="prose">{props.children}</div>
      <div className="dialog-actions">
        <Button onClick={props.onClose}>Cancel</Button>
        <Button look="danger" busy={props.busy} onClick={props.onConfirm}>
          {props.deed}
        </Button>
      </div>
    </Dialog>
  )
}
