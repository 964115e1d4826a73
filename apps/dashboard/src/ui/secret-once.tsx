import { Button } from './button.tsx'
import { CopyLine } from './copy-line.tsx'
import { Dialog } from './dialog.tsx'

/** A secret that the server will not show again. */
export function SecretOnce(props: { title: string; secret: string; explain: string; onClose: () => void }) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p className="prose">{props.explain}</p>
      <CopyLine text={props.secret} />
      <div className="dialog-actions">
        <Button look="primary" onClick={props.onClose}>
          I have stored it
        </Button>
      </div>
    </Dialog>
  )
}
