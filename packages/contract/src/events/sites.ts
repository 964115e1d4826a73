import { z } from 'zod'
import { Site } from '../api/sites.ts'
import { defineEvent } from '../event.ts'
import { SiteId } from '../ids.ts'

const data = z.object({ site: Site })

export const siteCreated = defineEvent('site.created', { doc: 'A site is watched from now on.', data })
export const siteUpdated = defineEvent('site.updated', { doc: "A site's settings, its next scan or its baseline changed.", data })
export const sitePaused = defineEvent('site.paused', { doc: 'Scheduled scans of a site stop until it is resumed.', data })
export const siteResumed = defineEvent('site.resumed', { doc: 'A paused site is scanned on schedule again.', data })
export const siteDeleted = defineEvent('site.deleted', {
  doc: 'A site is no longer watched; its scans and threats; its alerts end and stay are gone.',
  data: z.object({ siteId: SiteId }),
})
