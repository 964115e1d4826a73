import { z } from 'zod'
import { Competitor } from '../api/competitors.ts'
import { defineEvent } from '../event.ts'
import { CompetitorId, SiteId } from '../ids.ts'

const competitor = z.object({ competitor: Competitor })
export const competitorCreated = defineEvent('competitor.created', {
  doc: 'A site is compared with a competitor.',
  data: competitor,
})
export const competitorUpdated = defineEvent('competitor.updated', { doc: 'A competitor was renamed.', data: competitor })
export const competitorDeleted = defineEvent('competitor.deleted', {
  doc: 'A site is no longer compared with a competitor.',
  data: z.object({ siteId: SiteId, competitorId: CompetitorId }),
})
