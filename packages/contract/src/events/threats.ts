import { z } from 'zod'
import { SiteHealth, ThreatSummary } from '../api/sites.ts'
import { Threat } from '../api/threats.ts'
import { defineEvent } from '../event.ts'
import { SiteId } from '../ids.ts'

const data = z.object({ threat: Threat, site: z.object({ id: SiteId, name: z.string(), url: z.url() }) })

export const threatDetected = defineEvent('threat.detected', { doc: 'A fault was seen and confirmed.', data })
export const threatUpdated = defineEvent('threat.updated', { doc: 'An open threat became worse, milder or wider.', data })
export const threatAcknowledged = defineEvent('threat.acknowledged', { doc: 'Somebody is on it.', data })
export const threatAccepted = defineEvent('threat.accepted', {
  doc: 'The fault is meant to be so and is not reported again.',
  data,
})
export const threatFlapped = defineEvent('threat.flapped', {
  doc: 'The fault came and went three times within a day. The threat stays open, and nothing more is told until it is steady.',
  data,
})
export const threatResolved = defineEvent('threat.resolved', {
  doc: 'The fault was seen to be gone, twice, or somebody closed the threat.',
  data,
})
export const threatSummaryChanged = defineEvent('threat.summary_changed', {
  doc: "The number of a site's open threats changed.",
  data: z.object({ siteId: SiteId, summary: ThreatSummary, health: SiteHealth }),
})
