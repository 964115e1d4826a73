import type { PageObservation, RobotsObservation } from '../crawler/observation.ts'
import type { TlsObservation } from './tls.ts'

/** Single looks, each on a connection of its own. A fault of the outside is part of the observation, never thrown. */
export interface Probes {
  page(url: string, signal: AbortSignal): Promise<PageObservation>
  robots(siteUrl: string, signal: AbortSignal): Promise<RobotsObservation>
  tls(url: string, signal: AbortSignal): Promise<TlsObservation>
}
