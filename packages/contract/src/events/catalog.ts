import type { z } from 'zod'
import type { Envelope, EventDefinition } from '../event.ts'
import * as alerts from './alerts.ts'
import * as backlinks from './backlinks.ts'
import * as competitors from './competitors.ts'
import * as components from './components.ts'
import * as deliveries from './deliveries.ts'
import * as incidents from './incidents.ts'
import * as keywords from './keywords.ts'
import * as maintenances from './maintenances.ts'
import * as members from './members.ts'
import * as people from './people.ts'
import * as rankings from './rankings.ts'
import * as rules from './rules.ts'
import * as scans from './scans.ts'
import * as silences from './silences.ts'
import * as sites from './sites.ts'
import * as sources from './sources.ts'
import * as statusPages from './status-pages.ts'
import * as subscribers from './subscribers.ts'
import * as system from './system.ts'
import * as templates from './templates.ts'
import * as threats from './threats.ts'
import * as vitals from './vitals.ts'

const slices = {
  ...sites,
  ...scans,
  ...threats,
  ...vitals,
  ...rules,
  ...alerts,
  ...silences,
  ...members,
  ...people,
  ...system,
  ...deliveries,
  ...keywords,
  ...competitors,
  ...rankings,
  ...backlinks,
  ...sources,
  ...templates,
  ...components,
  ...incidents,
  ...maintenances,
  ...statusPages,
  ...subscribers,
}
type Definitions = (typeof slices)[keyof typeof slices]

/** Every event of an org, in the order of the documentation. */
export const events: readonly Definitions[] = Object.values(slices)

export type EventName = Definitions['type']
/** An envelope of one of the events we know, told apart by its type. */
export type OrgEvent = { [D in Definitions as D['type']]: Envelope<D['type'], z.infer<D['data']>> }[EventName]

const byType = new Map<string, EventDefinition>(events.map((definition) => [definition.type, definition]))
export const eventDefinition = (type: string): EventDefinition | undefined => byType.get(type)
