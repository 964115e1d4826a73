import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type Notification, readAllNotifications, readNotification } from '@tocsin/contract/api/notifications'
import type { NoticeKind } from '@tocsin/contract/notice'
import { useState } from 'react'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty } from '../../ui/screen.tsx'
import { SeverityMark } from '../../ui/severity.tsx'
import { Time } from '../../ui/time.tsx'
import type { useMyFeed } from './use-my-feed.ts'

const kindWords = {
  triggered: 'It began',
  worsened: 'It became worse',
  resolved: 'It is over',
  acknowledged: 'Somebody is on it',
  flapping_started: 'It comes and goes',
  flapping_stopped: 'It is steady again',
  reminder: 'Still open',
  escalated: 'Nobody is on it',
} satisfies Record<NoticeKind, string>

/** What one was told, newest first. Opening one of them reads it. */
export function FeedSheet({ feed, onClose }: { feed: ReturnType<typeof useMyFeed>; onClose: () => void }) {
  const { client } = useSigned()
  const refresh = useRefresh()
  const [unreadOnly, setUnreadOnly] = useState(false)
  const readAll = useMutation({ mutationFn: () => client.call(readAllNotifications), onSuccess: refresh })
  return (
    <Dialog title="Notifications" shape="sheet" onClose={onClose}>
      <Loaded query={feed} what="notifications">
        {(page) => {
          const shown = unreadOnly ? page.data.filter(({ readAt }) => readAt === null) : page.data
          return (
            <>
              <div className="feed-bar">
                <label className="inline-check">
                  <input type="checkbox" checked={unreadOnly} onChange={({ target }) => setUnreadOnly(target.checked)} />
                  <span>Only unread ({page.unread})</span>
                </label>
                {page.unread > 0 && (
                  <Button look="quiet" icon="check" busy={readAll.isPending} onClick={() => readAll.mutate()}>
                    Mark all as read
                  </Button>
                )}
              </div>
              {shown.length === 0 ? (
                <Empty title={page.data.length === 0 ? 'You were told of nothing yet.' : 'You have read everything.'}>
                  Alerts that you want to hear of are listed here, whether they are mailed or not.
                </Empty>
              ) : (
                <ul className="rows card">
                  {shown.map((notification) => (
                    <NotificationRow key={notification.id} notification={notification} onOpen={onClose} />
                  ))}
                </ul>
              )}
              <Newest of={page} />
            </>
          )
        }}
      </Loaded>
      <p className="feed-foot">
        <Link to={paths.preferences} onClick={onClose}>
          What you hear, and when
        </Link>
      </p>
    </Dialog>
  )
}

function NotificationRow({ notification, onOpen }: { notification: Notification; onOpen: () => void }) {
  const { client } = useSigned()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const { id: notificationId, alertId, readAt } = notification
  const read = useMutation({
    mutationFn: () => client.call(readNotification, { params: { notificationId } }),
    onSuccess: refresh,
  })
  const open = () => {
    if (readAt === null) read.mutate()
    onOpen()
    void navigate({ to: paths.alert, params: { alertId }, resetScroll: false })
  }
  return (
    <li className="notification" data-unread={readAt === null}>
      <button type="button" className="row" onClick={open}>
        <SeverityMark severity={notification.severity} />
        <span className="threat-what">
          <strong>{notification.title}</strong>
          <span className="alert-about">
            <span>{kindWords[notification.kind]}</span>
            {notification.site && <span>{notification.site}</span>}
            <span>
              <Time at={notification.toldAt} />
            </span>
          </span>
        </span>
        {readAt === null && <span className="visually-hidden">unread</span>}
      </button>
      {readAt === null && (
        <button
          type="button"
          className="icon-button"
          aria-label={`Mark as read: ${notification.title}`}
          title="Mark as read"
          onClick={() => read.mutate()}
        >
          <Icon name="check" />
        </button>
      )}
    </li>
  )
}

function useRefresh() {
  const { org } = useSigned()
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['myFeed', org.id] })
}
