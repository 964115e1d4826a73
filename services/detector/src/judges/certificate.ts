import { X509Certificate } from 'node:crypto'
import { getCACertificates } from 'node:tls'

export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  readonly serial: string
  readonly validFrom: Date
  readonly validTo: Date
  /** DNS names and IP addresses of the subjectAltName, lower case. */
  readonly names: readonly string[]
  /** As OpenSSL names it: sha256WithRSAEncryption. */
  readonly signatureAlgorithm: string
  readonly selfSigned: boolean
}

/** A certificate as PEM (or several in one text), as DER, as Node or another library holds it, or what is known of one. */
export type PresentedCertificate =
  | string
  | Uint8Array
  | X509Certificate
  | { readonly raw: Uint8Array }
  | { readonly rawData: ArrayBuffer }
  | CertificateFacts

/**
 * What following the chain to a root that browsers trust gave. `incomplete`: the chain ends at a certificate whose issuer was not
 * sent but can be had, which some browsers mend and others do not. `not_checked`: the handshake failed before.
 */
export type Trust = 'trusted' | 'incomplete' | 'untrusted' | 'not_checked'

export function readCertificates(presented: readonly PresentedCertificate[]): (X509Certificate | CertificateFacts)[] {
  return presented.flatMap((certificate) => {
    if (typeof certificate === 'string') return (certificate.match(pem) ?? [certificate]).map((text) => new X509Certificate(text))
    if (ArrayBuffer.isView(certificate)) return new X509Certificate(certificate)
    if ('checkIssued' in certificate || 'selfSigned' in certificate) return certificate
    return new X509Certificate('rawData' in certificate ? new Uint8Array(certificate.rawData) : certificate.raw)
  })
}

const pem = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

export function certificateFacts(certificate: X509Certificate | CertificateFacts): CertificateFacts {
  if (!isReal(certificate)) return certificate
  const names = (certificate.subjectAltName ?? '')
    .split(/,\s*/)
    .flatMap((each) => /^(?:DNS|IP Address):(.+)$/.exec(each)?.[1] ?? [])
  return {
    subject: certificate.subject ?? '',
    issuer: certificate.issuer,
    serial: certificate.serialNumber,
    validFrom: certificate.validFromDate,
    validTo: certificate.validToDate,
    names: names.map((name) => name.toLowerCase()),
    signatureAlgorithm: certificate.signatureAlgorithm ?? '',
    selfSigned: certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey),
  }
}

/** Of the two only a certificate can check signatures. */
const isReal = (certificate: X509Certificate | CertificateFacts): certificate is X509Certificate => 'checkIssued' in certificate

export const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.issuer === issuer.subject && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

/**
 * What the chain alone tells, leaf first; the others in any order, as servers send them. Without the network an issuer that was not sent
 * cannot be had: of a leaf alone it is taken to exist, of a longer chain its end is an authority that nobody knows.
 */
export function trustOf(
  chain: readonly (X509Certificate | CertificateFacts)[],
  roots: readonly (X509Certificate | CertificateFacts)[] = usualRoots(),
): Trust {
  const [leaf, ...others] = chain
  if (!leaf) return 'not_checked'
  let current = leaf
  const left = new Set(others)
  while (!roots.some((root) => issues(root, current))) {
    if (issues(current, current)) return 'untrusted'
    const next = [...left].find((each) => isAuthority(each) && issues(each, current))
    if (!next) return current === leaf ? 'incomplete' : 'untrusted'
    left.delete(next)
    current = next
  }
  return 'trusted'
}

/** Where one of the two is only known by what it says, the names decide. */
function issues(issuer: X509Certificate | CertificateFacts, certificate: X509Certificate | CertificateFacts): boolean {
  if (isReal(issuer) && isReal(certificate)) return isIssuedBy(certificate, issuer)
  return issuer === certificate && !isReal(certificate) ? certificate.selfSigned : certificate.issuer === issuer.subject
}

const isAuthority = (certificate: X509Certificate | CertificateFacts): boolean => !isReal(certificate) || certificate.ca

let known: readonly X509Certificate[] | null = null

/** Those that Node brings and those that the operator gave to this process; they do not change while it runs. */
function usualRoots(): readonly X509Certificate[] {
  known ??= getCACertificates('default').map((pem) => new X509Certificate(pem))
  return known
}
