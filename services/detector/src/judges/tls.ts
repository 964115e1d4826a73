import { isIP } from 'node:net'
import type { Severity } from '@tocsin/contract/rule'
import { getPublicSuffix } from 'tldts'
import {
  type CertificateFacts,
  certificateFacts,
  isReal,
  type PresentedCertificate,
  pathOf,
  readCertificates,
  type Trust,
} from './certificate.ts'

export type TlsFault = 'expired' | 'not_yet_valid' | 'name_mismatch' | 'untrusted' | 'missing_intermediate' | 'sha1'

export interface TlsFacts {
  /** The certificate of the chain that is nearest to its end, by the measure of its own lifetime. */
  readonly nearest: ExpiryFacts | null
  readonly names: readonly string[]
  /** The leaf vouches for itself. */
  readonly selfSigned: boolean
  readonly trust: Trust
  readonly faults: readonly TlsFault[]
}

export interface ExpiryFacts {
  readonly certificate: CertificateFacts
  readonly lifetimeMs: number
  /** Negative after the end. */
  readonly remainingMs: number
  /** Null while there is time enough. */
  readonly severity: Severity | null
}

/** When the end is near: so many days before it, or when only the lifetime divided by so much is left, whichever is later. */
export interface ExpiryLimits {
  readonly mediumDays: number
  readonly mediumDivisor: number
  readonly highDays: number
  readonly highDivisor: number
  readonly criticalDays: number
  readonly criticalDivisor: number
}

const usualLimits: ExpiryLimits = {
  mediumDays: 30,
  mediumDivisor: 4,
  highDays: 14,
  highDivisor: 6,
  criticalDays: 3,
  criticalDivisor: 12,
}

export interface TlsOptions {
  /** What the handshake said; without it the chain and the usual roots decide. */
  readonly trust?: Trust
  /** Instead of the usual roots. */
  readonly roots?: readonly PresentedCertificate[]
  readonly limits?: ExpiryLimits
}

/** What one address of a host presented, leaf first. Throws for what is no certificate. */
export function tlsFacts(
  presented: readonly PresentedCertificate[],
  now: Date,
  host: string,
  { trust, roots, limits = usualLimits }: TlsOptions = {},
): TlsFacts {
  const sent = readCertificates(presented)
  const path = pathOf(sent, roots && readCertificates(roots))
  // What is known of certificates has been chosen by whoever looked at them.
  const chain = (sent.every(isReal) ? path.certificates : sent).map(certificateFacts)
  const [leaf] = chain
  if (!leaf) return { nearest: null, names: [], selfSigned: false, trust: trust ?? 'not_checked', faults: [] }
  const found = trust ?? path.trust
  // A root that is sent along is only compared with the visitor's own: its dates and its hash do not count.
  const counting = chain.filter((certificate, index) => index === 0 || !certificate.selfSigned)
  const faults: TlsFault[] = []
  // Both ends belong to the life of a certificate (RFC 5280 §4.1.2.5).
  if (counting.some((certificate) => certificate.validTo < now)) faults.push('expired')
  if (counting.some((certificate) => certificate.validFrom > now)) faults.push('not_yet_valid')
  if (!leaf.names.some((name) => matchesName(name, host))) faults.push('name_mismatch')
  if (found === 'untrusted') faults.push('untrusted')
  if (found === 'incomplete') faults.push('missing_intermediate')
  if (counting.some((certificate) => weakHash.test(certificate.signatureAlgorithm))) faults.push('sha1')
  return { nearest: nearestEnd(counting, now, limits), names: leaf.names, selfSigned: leaf.selfSigned, trust: found, faults }
}

/** SHA-1 and what is weaker still. */
const weakHash = /sha-?1(?!\d)|md[245]/i

const order: readonly (Severity | null)[] = ['critical', 'high', 'medium', 'low', null]

function nearestEnd(chain: readonly CertificateFacts[], now: Date, limits: ExpiryLimits): ExpiryFacts | null {
  const ends = chain.map((certificate) => expiryFacts(certificate, now, limits))
  ends.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || a.remainingMs - b.remainingMs)
  return ends[0] ?? null
}

const dayMs = 86_400_000

/** Measured against the lifetime, so that a certificate of six days is not always late. */
export function expiryFacts(certificate: CertificateFacts, now: Date, limits: ExpiryLimits = usualLimits): ExpiryFacts {
  const lifetimeMs = certificate.validTo.getTime() - certificate.validFrom.getTime()
  const remainingMs = certificate.validTo.getTime() - now.getTime()
  const steps = expirySteps(lifetimeMs, limits)
  return { certificate, lifetimeMs, remainingMs, severity: steps.find((step) => remainingMs < step.belowMs)?.severity ?? null }
}

/** Worst first. */
export function expirySteps(lifetimeMs: number, limits: ExpiryLimits): { severity: Severity; belowMs: number }[] {
  const below = (days: number, divisor: number) => Math.min(days * dayMs, lifetimeMs / divisor)
  return [
    { severity: 'critical', belowMs: below(limits.criticalDays, limits.criticalDivisor) },
    { severity: 'high', belowMs: below(limits.highDays, limits.highDivisor) },
    { severity: 'medium', belowMs: below(limits.mediumDays, limits.mediumDivisor) },
  ]
}

/**
 * RFC 6125: a star stands for exactly the first label, never for an address and, as in browsers, never for all that is below `co.uk`.
 * The common name no longer counts.
 */
function matchesName(name: string, host: string): boolean {
  const wanted = asciiHost(host)
  if (isIP(wanted) !== 0) return isIP(name) !== 0 && sameAddress(name, wanted)
  if (!name.startsWith('*.')) return name === wanted
  const dot = wanted.indexOf('.')
  const parent = name.slice(2)
  return dot > 0 && wanted.slice(dot + 1) === parent && getPublicSuffix(parent) !== parent
}

const sameAddress = (a: string, b: string): boolean =>
  URL.parse(`http://${a.includes(':') ? `[${a}]` : a}/`)?.hostname ===
  URL.parse(`http://${b.includes(':') ? `[${b}]` : b}/`)?.hostname

/** Certificates know names of other scripts only in their ASCII form. */
function asciiHost(host: string): string {
  const bare = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
  return isIP(bare) === 0 ? (URL.parse(`http://${bare}/`)?.hostname ?? bare) : bare
}
