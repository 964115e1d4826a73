import { z } from 'zod'

export const SchedulerEnv = z.object({
  /** Events, ended scans and finished deliveries are kept this long. Threats stay. */
  RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(90),
})
export type SchedulerEnv = z.infer<typeof SchedulerEnv>
