import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { FeedSheet } from './feed-sheet.tsx'
import { useMyFeed } from './use-my-feed.ts'

/** How much one has not read, on every screen; and the way to it. */
export function Bell() {
  const feed = useMyFeed()
  const [open, setOpen] = useState(false)
  const unread = feed.data?.unread ?? 0
  const ringing = useRinging(feed.data?.unread)
  return (
    <>
      <button type="button" className="bell" data-ringing={ringing} onClick={() => setOpen(true)}>
        <Icon name="bell" size={18} />
        <span className="visually-hidden">Notifications</span>
        {unread > 0 && (
          <span className="bell-count">
            {unread > 99 ? '99+' : unread}
            <span className="visually-hidden"> unread</span>
          </span>
        )}
      </button>
      <span className="visually-hidden" role="status">
        {ringing && `${unread} unread ${unread === 1 ? 'notification' : 'notifications'}`}
      </span>
      {open && <FeedSheet feed={feed} onClose={() => setOpen(false)} />}
    </>
  )
}

const ringMs = 2_000

/** For a moment after there is something new. */
function useRinging(unread: number | undefined): boolean {
  const before = useRef(unread)
  const [ringing, setRinging] = useState(false)
  useEffect(() => {
    const isNew = before.current !== undefined && unread !== undefined && unread > before.current
    before.current = unread
    if (!isNew) return
    setRinging(true)
    const timer = setTimeout(() => setRinging(false), ringMs)
    return () => clearTimeout(timer)
  }, [unread])
  return ringing
}
