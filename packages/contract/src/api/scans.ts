import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { ExecutionId, ScanId, SiteId } from '../ids.ts'

export const ScanState = z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']).meta({ id: 'ScanState' })
export type ScanState = z.infer<typeof ScanState>

export const ScanFailure = z.enum(['unreachable', 'blocked_address', 'lost']).meta({
  id: 'ScanFailure',
  description:
    'unreachable: the start page did not answer; blocked_address: it points into a private network; lost: the scan was given up after three detectors had died on it.',
})
export type ScanFailure = z.infer<typeof ScanFailure>

export const Scan = z
  .object({
    id: ScanId,
    siteId: SiteId,
    state: ScanState,
    trigger: z.enum(['schedule', 'manual']),
    percentage: z.number().int().min(0).max(100),
    step: z.string().meta({ description: 'What the detector is doing, in a few words.' }),
    pagesDone: z.number().int(),
    pagesTotal: z.number().int().meta({ description: 'Pages known so far; grows while the crawl finds more.' }),
    complete: z
      .boolean()
      .meta({ description: 'False when so much could not be measured that nothing may be concluded from an absence.' }),
    baseline: z.boolean().meta({ description: 'True for the first complete scan of the site.' }),
    threatsFound: z.number().int().meta({ description: 'Findings of this scan that opened or repeated a threat.' }),
    suspected: z.number().int().meta({ description: 'Findings that are looked at again before they count.' }),
    failure: ScanFailure.nullable(),
    queuedAt: Timestamp,
    startedAt: Timestamp.nullable(),
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Scan' })
export type Scan = z.infer<typeof Scan>

export const Agent = z
  .enum(['crawler', 'ranking', 'vitals', 'technical', 'competitors', 'security', 'indexation'])
  .meta({ id: 'Agent', description: 'The parts of a scan: the crawl and a detector for each type of threat.' })
export type Agent = z.infer<typeof Agent>

export const Execution = z
  .object({
    id: ExecutionId,
    scanId: ScanId,
    siteId: SiteId,
    agent: Agent,
    status: z.enum(['running', 'completed', 'failed', 'cancelled']),
    startedAt: Timestamp,
    finishedAt: Timestamp.nullable(),
    durationMs: z.number().int().nullable(),
    findings: z.number().int(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Execution' })
export type Execution = z.infer<typeof Execution>

const params = z.strictObject({ scanId: ScanId })

export const startScan = defineEndpoint('startScan', {
  method: 'post',
  path: '/v1/sites/{siteId}/scans',
  doc: 'Check now. Answers the scan that is already queued or running, if there is one.',
  needs: 'write',
  params: z.strictObject({ siteId: SiteId }),
  status: 202,
  answer: Scan,
})
export const listScans = defineEndpoint('listScans', {
  method: 'get',
  path: '/v1/scans',
  doc: 'Scans, newest first.',
  needs: 'read',
  query: z.strictObject({ ...pageQuery, siteId: SiteId.optional(), state: ScanState.optional() }),
  answer: pageOf(Scan),
})
export const getScan = defineEndpoint('getScan', {
  method: 'get',
  path: '/v1/scans/{scanId}',
  doc: 'One scan.',
  needs: 'read',
  params,
  answer: Scan,
})
export const cancelScan = defineEndpoint('cancelScan', {
  method: 'post',
  path: '/v1/scans/{scanId}/cancel',
  doc: 'End a queued or running scan. What it has found until then is dropped.',
  needs: 'write',
  params,
  status: 200,
  answer: Scan,
})
export const listExecutions = defineEndpoint('listExecutions', {
  method: 'get',
  path: '/v1/executions',
  doc: 'Agent executions, newest first.',
  needs: 'read',
  query: z.strictObject({ ...pageQuery, siteId: SiteId.optional(), scanId: ScanId.optional() }),
  answer: pageOf(Execution),
})
