import { z } from 'zod'
import type { CertificateFacts } from '../judges/certificate.ts'
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
/** Of a name: some are as long as somebody could make them. */
const nameLengthMax = 300

/** A certificate as evidence holds it: enough to judge it again. */
export const CertificateEvidence = z.object({
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime(),
  names: z.array(z.string()),
  signatureAlgorithm: z.string(),
  selfSigned: z.boolean(),
})
export type CertificateEvidence = z.infer<typeof CertificateEvidence>

export const certificateEvidence = (certificate: CertificateFacts): CertificateEvidence => ({
  subject: certificate.subject.slice(0, nameLengthMax),
  issuer: certificate.issuer.slice(0, nameLengthMax),
  serial: certificate.serial,
  validFrom: certificate.validFrom.toISOString(),
  validTo: certificate.validTo.toISOString(),
  names: certificate.names.slice(0, namesMax),
  signatureAlgorithm: certificate.signatureAlgorithm,
  selfSigned: certificate.selfSigned,
})

export const certificateOf = (evidence: CertificateEvidence): CertificateFacts => ({
  ...evidence,
  validFrom: new Date(evidence.validFrom),
  validTo: new Date(evidence.validTo),
})

export const unmeasuredEvidence = (seen: TlsObservation) => ({
  host: hostOf(seen),
  fault: seen.fault,
  addresses: seen.addresses.map(({ address, fault, detail }) => ({ address, fault, detail })),
})
