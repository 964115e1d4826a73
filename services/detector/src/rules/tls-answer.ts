import type { CertificateFacts } from '../judges/tls.ts'
import type { TlsAddress, TlsObservation } from '../probes/tls.ts'
import type { LookTarget } from './verdict.ts'

/** The host as subjects name it: with its port, unless that goes without saying. */
export const hostOf = ({ host, port }: TlsObservation): string =>
  `${host.includes(':') ? `[${host}]` : host}${port === 443 ? '' : `:${port}`}`

export const lookAtHost = (seen: TlsObservation): LookTarget => ({ kind: 'tls', urls: [`https://${hostOf(seen)}/`] })

/** Addresses that showed a certificate. */
export const measured = (seen: TlsObservation): TlsAddress[] => seen.addresses.filter(({ chain }) => chain.length > 0)

/** Did every address show one? Those of IPv6 do not count where we ourselves have none. */
export function isComplete(seen: TlsObservation): boolean {
  const missing = seen.addresses.filter(({ chain }) => chain.length === 0)
  return measured(seen).length > 0 && missing.every(isBeyondUs)
}

const isBeyondUs = ({ address, detail }: TlsAddress): boolean =>
  address.includes(':') && /ENETUNREACH|EADDRNOTAVAIL|EHOSTUNREACH/.test(detail ?? '')

const namesMax = 10

export const certificateEvidence = ({
  subject,
  issuer,
  serial,
  validFrom,
  validTo,
  names,
  signatureAlgorithm,
}: CertificateFacts) => ({
  subject,
  issuer,
  serial,
  validFrom: validFrom.toISOString(),
  validTo: validTo.toISOString(),
  names: names.slice(0, namesMax),
  signatureAlgorithm,
})

export const unmeasuredEvidence = (seen: TlsObservation) => ({
  host: hostOf(seen),
  fault: seen.fault,
  addresses: seen.addresses.map(({ address, fault, detail }) => ({ address, fault, detail })),
})
