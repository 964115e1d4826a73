import { Link } from '@tanstack/react-router'
import type { Site } from '@tocsin/contract/api/sites'
import { useState } from 'react'
import { useSites } from '../../live/lists.ts'
import { paths } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty, Screen } from '../../ui/screen.tsx'
import { AddSiteForm } from './add-site-form.tsx'
import { FirstSite } from './first-site.tsx'
import { Score } from './score.tsx'
import { NextCheck, SiteState, ThreatCounts } from './site-state.tsx'

export function SitesScreen() {
  const sites = useSites()
  const { may } = useSigned()
  const [adding, setAdding] = useState(false)
  if (sites.data?.data.length === 0 && may('write')) return <FirstSite />
  return (
    <Screen
      title="Sites"
      lead={sites.data && <Overview sites={sites.data.data} />}
      actions={
        may('write') && (
          <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
            Add site
          </Button>
        )
      }
    >
      <Loaded query={sites} what="sites">
        {(page) =>
          page.data.length === 0 ? (
            <Empty title="No sites yet.">Somebody with the right to do so can add the first one.</Empty>
          ) : (
            <>
              <ul className="rows card">
                {page.data.map((site) => (
                  <SiteRow key={site.id} site={site} />
                ))}
              </ul>
              <Newest of={page} />
            </>
          )
        }
      </Loaded>
      {adding && (
        <Dialog title="Add a site" onClose={() => setAdding(false)}>
          <AddSiteForm onAdded={() => setAdding(false)} />
        </Dialog>
      )}
    </Screen>
  )
}

function Overview({ sites }: { sites: readonly Site[] }) {
  const open = sites.reduce((sum, { threats }) => sum + threats.critical + threats.high + threats.medium + threats.low, 0)
  const watched = sites.filter(({ pausedAt }) => !pausedAt).length
  if (sites.length === 0) return null
  return (
    <>
      {watched} of {sites.length} watched · {open === 0 ? 'nothing is open' : `${open} open ${open === 1 ? 'threat' : 'threats'}`}
    </>
  )
}

function SiteRow({ site }: { site: Site }) {
  return (
    <li>
      <Link to={paths.site} params={{ siteId: site.id }} className="row site-row">
        <span className="site-name">
          <strong>{site.name}</strong>
          <span className="address">{site.url}</span>
        </span>
        {site.baselineAt ? <Score score={site.health.score} /> : <span className="score" aria-hidden="true" />}
        <SiteState site={site} />
        <ThreatCounts threats={site.threats} />
        <span className="muted site-next">
          <NextCheck site={site} />
        </span>
        <Icon name="right" />
      </Link>
    </li>
  )
}
