import { z } from 'zod'
import { StatusPage } from '../api/status-pages.ts'
import { defineEvent } from '../event.ts'

export const statusPageUpdated = defineEvent('status_page.updated', {
  doc: 'A status page was renamed, moved, enabled or disabled.',
  data: z.object({ statusPage: StatusPage }),
})
