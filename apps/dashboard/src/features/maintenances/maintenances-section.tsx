import { useState } from 'react'
import { useMaintenances } from '../../live/status-lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { ScheduleForm } from './maintenance-form.tsx'
import { MaintenanceRow } from './maintenance-row.tsx'
import { byBeginning, isOver } from './maintenance-words.ts'

/** Work that was planned: told in advance, and nobody is woken by it. */
export function MaintenancesSection() {
  const { may } = useSigned()
  const maintenances = useMaintenances()
  const [planning, setPlanning] = useState(false)
  return (
    <Section
      title="Maintenance"
      aside={
        may('write') && (
          <Button icon="plus" onClick={() => setPlanning(true)}>
            Plan maintenance
          </Button>
        )
      }
    >
      <Loaded query={maintenances} what="maintenances">
        {(page) => {
          const ahead = page.data.filter((maintenance) => !isOver(maintenance)).sort(byBeginning)
          const over = page.data.filter(isOver)
          return (
            <>
              {ahead.length === 0 ? (
                <Empty title="Nothing is planned.">
                  Plan work before you do it: visitors see it coming, subscribers are reminded, and alerts about it are muted.
                </Empty>
              ) : (
                <ul className="rows card">
                  {ahead.map((maintenance) => (
                    <MaintenanceRow key={maintenance.id} maintenance={maintenance} />
                  ))}
                </ul>
              )}
              {over.length > 0 && (
                <details className="disclosure">
                  <summary>Over ({over.length})</summary>
                  <ul className="rows card">
                    {over.map((maintenance) => (
                      <MaintenanceRow key={maintenance.id} maintenance={maintenance} />
                    ))}
                  </ul>
                </details>
              )}
              <Newest of={page} />
            </>
          )
        }}
      </Loaded>
      {planning && (
        <Dialog title="Plan maintenance" onClose={() => setPlanning(false)}>
          <ScheduleForm onDone={() => setPlanning(false)} />
        </Dialog>
      )}
    </Section>
  )
}
