import type { CertificateFacts, Trust } from '../judges/certificate.ts'
import type { TlsObservation } from '../probes/tls.ts'
import { now } from './fixtures.ts'

export const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000)

export const certificate = (over: Partial<CertificateFacts> = {}): CertificateFacts => ({
  subject: 'CN=shop.test',
  issuer: 'CN=Test CA',
  serial: '01',
  validFrom: days(-30),
  validTo: days(60),
  names: ['shop.test'],
  signatureAlgorithm: 'sha256WithRSAEncryption',
  selfSigned: false,
  ...over,
})

/** One host; for each of its addresses what it showed, or why it did not. */
export function tls(...addresses: (readonly CertificateFacts[] | 'timeout' | 'dns')[]): TlsObservation {
  return {
    host: 'shop.test',
    port: 443,
    fault: null,
    detail: null,
    addresses: addresses.map((shown, n) => ({
      address: `192.0.2.${n + 1}`,
      fault: typeof shown === 'string' ? shown : null,
      detail: null,
      trust: typeof shown === 'string' ? 'not_checked' : 'trusted',
      chain: typeof shown === 'string' ? [] : shown,
    })),
  }
}

export const trusting = (seen: TlsObservation, trust: Trust): TlsObservation => ({
  ...seen,
  addresses: seen.addresses.map((each) => ({ ...each, trust })),
})
