import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { Icon } from './icon.tsx'

/**
 * The browser's own modal: it keeps the focus inside, makes the rest inert, closes on Escape and gives the focus back. Shown for as long as it
 * is rendered.
 */
export function Dialog(props: { title: ReactNode; shape?: 'box' | 'sheet'; onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => {
      element?.close()
      // What had the focus may be gone with what was done in the dialog: then the screen's heading takes it.
      requestAnimationFrame(
        () => document.activeElement === document.body && document.querySelector('h1')?.focus({ preventScroll: true }),
      )
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the keyboard's way to close a dialog, and onCancel hears it.
    <dialog
      ref={dialog}
      className="dialog"
      data-shape={props.shape ?? 'box'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        props.onClose()
      }}
      onClick={(event) => event.target === dialog.current && props.onClose()}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={titleId}>{props.title}</h2>
          <button type="button" className="icon-button" onClick={props.onClose} aria-label="Close">
            <Icon name="cross" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  )
}
