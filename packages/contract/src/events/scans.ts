import { z } from 'zod'
import { Agent, Execution, Scan } from '../api/scans.ts'
import { defineEvent } from '../event.ts'
import { ExecutionId, ScanId, SiteId } from '../ids.ts'

const data = z.object({ scan: Scan })

export const scanQueued = defineEvent('scan.queued', { doc: 'A scan waits for a detector.', data })
export const scanStarted = defineEvent('scan.started', { doc: 'A detector has taken the scan.', data })
export const scanCompleted = defineEvent('scan.completed', { doc: 'The scan is done; what it found is recorded.', data })
export const scanFailed = defineEvent('scan.failed', { doc: 'The scan could not be made; nothing is concluded from it.', data })
export const scanCancelled = defineEvent('scan.cancelled', { doc: 'The scan was ended by hand.', data })
export const scanProgressed = defineEvent('scan.progressed', {
  doc: 'How far a scan is, at most four times a second.',
  durable: false,
  data: z.object({
    scanId: ScanId,
    siteId: SiteId,
    percentage: z.number().int(),
    step: z.string(),
    pagesDone: z.number().int(),
    pagesTotal: z.number().int(),
  }),
})
export const executionStarted = defineEvent('execution.started', {
  doc: "A detector's part of a scan began.",
  durable: false,
  data: z.object({ execution: Execution }),
})
export const executionProgressed = defineEvent('execution.progressed', {
  doc: "How far a detector's part of a scan is, at most four times a second.",
  durable: false,
  data: z.object({
    executionId: ExecutionId,
    scanId: ScanId,
    siteId: SiteId,
    agent: Agent,
    percentage: z.number().int(),
    step: z.string(),
  }),
})
export const executionFinished = defineEvent('execution.finished', {
  doc: "A detector's part of a scan ended.",
  durable: false,
  data: z.object({ execution: Execution }),
})
