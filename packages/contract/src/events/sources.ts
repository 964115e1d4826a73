import { z } from 'zod'
import { Source } from '../api/sources.ts'
import { defineEvent } from '../event.ts'
import { SiteId, SourceId } from '../ids.ts'

const data = z.object({ source: Source })

export const sourceCreated = defineEvent('source.created', { doc: 'A source was connected to a site.', data })
export const sourceUpdated = defineEvent('source.updated', {
  doc: 'A source was changed, paused, resumed or is to be tested; a test of it has ended; or it began or ceased to fail.',
  data,
})
export const sourceDeleted = defineEvent('source.deleted', {
  doc: 'A source was disconnected.',
  data: z.object({ sourceId: SourceId, siteId: SiteId }),
})
