import type { PageObservation } from '../crawler/observation.ts'
import type { Evidence } from './answer.ts'
import { evidenceOf, redirectCount } from './page-answer.ts'

/** Where an address leads. `unclear`: the way could not be followed to its end. */
export type Way = 'short' | 'long' | 'endless' | 'unclear'

/** Two redirects are common (to https, then to the right host); from three on somebody has piled them up. */
const chainFrom = 3

export function wayOf(page: PageObservation): Way {
  if (page.fault === 'redirect_loop' || page.fault === 'redirect_limit') return 'endless'
  if (redirectCount(page) >= chainFrom) return 'long'
  return page.fault === null && page.status !== null ? 'short' : 'unclear'
}

export const wayEvidence = (page: PageObservation): Evidence => ({ ...evidenceOf(page), redirects: redirectCount(page) })
