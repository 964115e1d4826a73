import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { deleteSite, pauseSite, resumeSite, type Site } from '@tocsin/contract/api/sites'
import type { SiteId } from '@tocsin/contract/ids'
import { type ReactNode, useState } from 'react'
import { useSite } from '../../live/lists.ts'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Empty, Screen } from '../../ui/screen.tsx'
import { toast } from '../../ui/toasts.tsx'
import { SiteSettings } from './site-settings.tsx'
import { NextCheck, SiteState } from './site-state.tsx'
import { SiteTabs } from './site-tabs.tsx'

/** A site's own screen; what belongs to other slices comes from the route. */
export function SiteScreen({ siteId, actions, children }: { siteId: SiteId; actions: ReactNode; children: ReactNode }) {
  const { data: site, error, isGone } = useSite(siteId)
  if (isGone) {
    return (
      <Screen title="No such site">
        <Empty title="This site is not watched any more.">
          <Link to={paths.sites}>All sites</Link>
        </Empty>
      </Screen>
    )
  }
  return (
    <Screen
      title={site?.name ?? 'Site'}
      lead={
        site && (
          <>
            <a className="address" href={site.url} rel="noreferrer" target="_blank">
              {site.url}
              <Icon name="external" size={12} />
              <span className="visually-hidden">(opens in a new tab)</span>
            </a>
            <span className="site-facts">
              <SiteState site={site} />
              <span>
                <NextCheck site={site} />
              </span>
              <span>Every {site.scanIntervalHours} hours</span>
            </span>
          </>
        )
      }
      actions={
        site && (
          <>
            {actions}
            <SiteSettings site={site} />
            <PauseOrResume site={site} />
            <Delete site={site} />
          </>
        )
      }
    >
      {error && <ProblemNote error={error} />}
      {site?.pausedAt && (
        <div className="notice">
          <Icon name="pause" />
          <p>
            <strong>This site is paused.</strong> Nothing is checked on schedule and nobody is told of anything new until it is
            resumed.
          </p>
        </div>
      )}
      <SiteTabs siteId={siteId} />
      {children}
    </Screen>
  )
}

function PauseOrResume({ site }: { site: Site }) {
  const { client, may } = useSigned()
  const turn = useMutation({
    mutationFn: () => client.call(site.pausedAt ? resumeSite : pauseSite, { params: { siteId: site.id } }),
  })
  if (!may('write')) return null
  return (
    <Button icon={site.pausedAt ? 'play' : 'pause'} busy={turn.isPending} onClick={() => turn.mutate()}>
      {site.pausedAt ? 'Resume' : 'Pause'}
    </Button>
  )
}

function Delete({ site }: { site: Site }) {
  const { client, may } = useSigned()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => client.call(deleteSite, { params: { siteId: site.id } }),
    onSuccess: async () => {
      toast(`${site.name} is no longer watched.`)
      await navigate({ to: paths.sites })
    },
    onError: () => setAsking(false),
  })
  if (!may('admin')) return null
  return (
    <>
      <Button look="quiet" icon="trash" onClick={() => setAsking(true)}>
        Delete
      </Button>
      {asking && (
        <Confirm
          title={`Delete ${site.name}?`}
          deed="Delete site"
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>
            It is no longer watched, and its scans, threats and baseline are gone for good. To stop for a while, pause it instead.
          </p>
        </Confirm>
      )}
    </>
  )
}
