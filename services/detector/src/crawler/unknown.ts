import type { PageFault, PageObservation } from './observation.ts'

/** Faults that are the site's own: a visitor would meet them too. All others may be ours, or a wall's, and prove nothing. */
const faultsOfTheSite: ReadonlySet<PageFault> = new Set(['timeout', 'refused', 'redirect_loop', 'redirect_limit'])

/** Nothing may be concluded from this look at the page. */
export const isUnknown = (page: Pick<PageObservation, 'fault'>): boolean =>
  page.fault !== null && !faultsOfTheSite.has(page.fault)
