import { z } from 'zod'

const Day = z.iso.date()

/** Days whose figures say something about Google's counting rather than about a site. */
export const DataAnomaly = z.strictObject({
  from: Day,
  to: Day,
  note: z.string().min(1).max(300),
  /** Google counts otherwise since: days before are not compared with days after. */
  breaks: z.boolean().default(false),
})
export type DataAnomaly = z.infer<typeof DataAnomaly>

/** Pacific dates, as Google published them or as everybody's figures showed them at once. */
export const dataAnomalies: readonly DataAnomaly[] = [
  {
    from: '2025-05-13',
    to: '2025-05-13',
    note: 'A logging error began to count too many impressions; Google corrected it in April 2026.',
    breaks: true,
  },
  {
    from: '2025-09-10',
    to: '2025-09-14',
    note: 'Google stopped to show 100 results on request: impressions that only programs had seen fell away, and mean positions rose.',
    breaks: true,
  },
  {
    from: '2026-04-27',
    to: '2026-04-27',
    note: 'Google corrected a logging error that had counted too many impressions since May 2025.',
    breaks: true,
  },
]

/** When Google changed what it ranks, by its own account: no fault of the figures, but worth knowing beside a loss. */
export const rankingUpdates: readonly { readonly from: string; readonly to: string; readonly name: string }[] = [
  { from: '2024-03-05', to: '2024-04-19', name: 'March 2024 core update' },
  { from: '2024-06-20', to: '2024-06-27', name: 'June 2024 spam update' },
  { from: '2024-08-15', to: '2024-09-03', name: 'August 2024 core update' },
  { from: '2024-11-11', to: '2024-12-05', name: 'November 2024 core update' },
  { from: '2024-12-12', to: '2024-12-18', name: 'December 2024 core update' },
  { from: '2024-12-19', to: '2024-12-26', name: 'December 2024 spam update' },
  { from: '2025-03-13', to: '2025-03-27', name: 'March 2025 core update' },
  { from: '2025-06-30', to: '2025-07-17', name: 'June 2025 core update' },
  { from: '2025-08-26', to: '2025-09-22', name: 'August 2025 spam update' },
  { from: '2025-12-11', to: '2025-12-29', name: 'December 2025 core update' },
]

/** An installation knows of more: bounded, because each is compared with each day. */
export const GscAnomaliesEnv = z
  .string()
  .max(100_000)
  .default('[]')
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue({ code: 'custom', message: 'Must be JSON.' })
      return z.NEVER
    }
  })
  .pipe(z.array(DataAnomaly).max(200))
