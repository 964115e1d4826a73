import type { Alert } from '@tocsin/contract/api/alerts'
import { useState } from 'react'
import { useAlerts } from '../../live/lists.ts'
import type { AlertFilter } from '../../live/snapshot.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty } from '../../ui/screen.tsx'
import { useRowKeys } from '../../ui/use-row-keys.ts'
import { AlertFilters, Counts } from './alert-filters.tsx'
import { AlertRow } from './alert-row.tsx'
import { isFound, worstFirst } from './alert-words.ts'

const open: AlertFilter = { state: 'open', severity: null, siteId: null, alertRuleId: null }

/** What people are told of, as it stands now. */
export function AlertsSection() {
  const [filter, setFilter] = useState(open)
  const [search, setSearch] = useState('')
  const keys = useRowKeys()
  const everyOpen = useAlerts(open)
  const alerts = useAlerts(filter)
  return (
    <section className="section" aria-label="List of alerts">
      {everyOpen.data && <Counts page={everyOpen.data} filter={filter} onChange={setFilter} />}
      <AlertFilters filter={filter} onChange={setFilter}>
        <input
          ref={keys.search}
          className="inline-search"
          aria-label="Find an alert"
          aria-keyshortcuts="/"
          type="search"
          placeholder="Find an alert  ( / )"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
      </AlertFilters>
      <Loaded query={alerts} what="alerts">
        {(page) => {
          const found = page.data.filter((alert) => isFound(alert, search))
          if (found.length === 0) return <Nothing filtered={search !== '' || filter !== open} onShowAll={showAll} />
          return (
            <>
              <ul className="rows card" ref={keys.list}>
                {inOrder(found, filter).map((alert) => (
                  <AlertRow key={alert.id} alert={alert} />
                ))}
              </ul>
              <Newest of={page} />
            </>
          )
        }}
      </Loaded>
    </section>
  )
  function showAll() {
    setFilter(open)
    setSearch('')
  }
}

/** Of what is over, when matters more than how bad it was. */
const inOrder = (alerts: readonly Alert[], { state }: AlertFilter) => (state === 'resolved' ? alerts : worstFirst(alerts))

function Nothing({ filtered, onShowAll }: { filtered: boolean; onShowAll: () => void }) {
  if (filtered)
    return (
      <Empty title="No alert is like this.">
        <button type="button" className="link-button" onClick={onShowAll}>
          Show all that are open
        </button>
      </Empty>
    )
  return (
    <div className="card all-clear">
      <Icon name="shield" size={22} />
      <p>
        <strong>Nothing is open.</strong> What a rule finds appears here the moment it is found, and those whom the rule names are
        told.
      </p>
    </div>
  )
}
