import type { Agent, ScanFailure } from '@tocsin/contract/api/scans'

export const scanFailures = {
  unreachable: 'The start page did not answer. Nothing is concluded from it.',
  blocked_address: 'The address points into a private network, which this installation does not reach into.',
  lost: 'It was given up after three detectors had died on it.',
} satisfies Record<ScanFailure, string>

export const agentNames = {
  crawler: 'Crawler',
  ranking: 'Rankings',
  vitals: 'Web vitals',
  technical: 'Technical',
  competitors: 'Competitors',
  security: 'Security',
  indexation: 'Indexation',
} satisfies Record<Agent, string>

export const pagesText = (pages: number) => (pages === 1 ? '1 page' : `${pages} pages`)
