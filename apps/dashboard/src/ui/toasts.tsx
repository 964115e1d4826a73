import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react'
import { Icon } from './icon.tsx'

interface Toast {
  id: number
  tone: 'good' | 'bad' | 'news'
  content: ReactNode
}

const shownMs = 7_000
const toastsMax = 4
let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: readonly Toast[]) {
  toasts = next
  for (const tell of listeners) tell()
}

const dismiss = (id: number) => set(toasts.filter((toast) => toast.id !== id))

/** Says something in passing. What went wrong stays until it is closed. */
export function toast(content: ReactNode, tone: Toast['tone'] = 'good') {
  lastId += 1
  const id = lastId
  set([...toasts, { id, tone, content }].slice(-toastsMax))
  if (tone !== 'bad') setTimeout(() => dismiss(id), shownMs)
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Shown anew with every message, so that it lies over a dialog that was opened in between.
    box.current?.hidePopover()
    if (shown.length > 0) box.current?.showPopover()
  }, [shown])
  return (
    <div ref={box} popover="manual" className="toasts" role="status" aria-live="polite" aria-label="Messages">
      {shown.map(({ id, tone, content }) => (
        <div className="toast" data-tone={tone} key={id}>
          <Icon name={tone === 'good' ? 'check' : tone === 'bad' ? 'high' : 'bell'} />
          <div>{content}</div>
          <button type="button" className="icon-button" aria-label="Close the message" onClick={() => dismiss(id)}>
            <Icon name="cross" />
          </button>
        </div>
      ))}
    </div>
  )
}
