import { z } from 'zod'
import { defineEndpoint, Timestamp } from '../endpoint.ts'
import { SiteId } from '../ids.ts'
import { ThreatSummary } from './sites.ts'

/** A query flag as people write it. `z.coerce.boolean()` would read "false" as true. */
const flag = z
  .enum(['true', 'false', '1', '0'])
  .default('false')
  .transform((text) => text === 'true' || text === '1')

export const healthCheckMonitor = defineEndpoint('healthCheckMonitor', {
  method: 'get',
  path: '/api/health-check/monitor',
  doc: 'The health of every watched site at a glance, as first specified. With triggerCheck=true (needs write) a scan of each is queued.',
  needs: 'read',
  query: z.strictObject({ triggerCheck: flag }),
  answer: z.object({
    status: z.enum(['healthy', 'warning', 'critical']),
    checkedAt: Timestamp,
    triggered: z.number().int(),
    sites: z.array(
      z.object({
        siteId: SiteId,
        name: z.string(),
        url: z.url(),
        status: z.enum(['healthy', 'warning', 'critical']),
        threats: ThreatSummary,
        lastScanAt: Timestamp.nullable(),
      }),
    ),
  }),
})
