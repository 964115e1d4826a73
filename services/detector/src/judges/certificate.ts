import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
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

/** Of the two only the first can check signatures. */
type Certificate = X509Certificate | CertificateFacts

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

export function readCertificates(presented: readonly PresentedCertificate[]): Certificate[] {
  return presented.flatMap((certificate) => {
    if (typeof certificate === 'string') return (certificate.match(pem) ?? [certificate]).map((text) => new X509Certificate(text))
    if (ArrayBuffer.isView(certificate)) return new X509Certificate(certificate)
    if ('checkIssued' in certificate || 'selfSigned' in certificate) return certificate
    return new X509Certificate('rawData' in certificate ? new Uint8Array(certificate.rawData) : certificate.raw)
  })
}

const pem = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

export function certificateFacts(certificate: Certificate): CertificateFacts {
  if (!isReal(certificate)) return certificate
  return {
    subject: certificate.subject ?? '',
    issuer: certificate.issuer,
    serial: certificate.serialNumber,
    validFrom: certificate.validFromDate,
    validTo: certificate.validToDate,
    names: namesOf(certificate.subjectAltName ?? ''),
    signatureAlgorithm: certificate.signatureAlgorithm ?? '',
    selfSigned: certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey),
  }
}

/** What needs quotes, as Node writes it, is no name of a host: it is there to look like several. Nor is an address written as a name. */
function namesOf(subjectAltName: string): string[] {
  return [...subjectAltName.matchAll(/(?:^|, )([^:,"]+):("(?:[^"\\]|\\.)*"|[^,]*)/g)].flatMap(([, kind, value = '']) => {
    if (value.startsWith('"')) return []
    const isName = kind === 'DNS' && isIP(value) === 0
    return isName || kind === 'IP Address' ? [value.toLowerCase()] : []
  })
}

export const isReal = (certificate: Certificate): certificate is X509Certificate => 'checkIssued' in certificate

export const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.issuer === issuer.subject && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

/** How a chain leads from the leaf to an authority. */
export interface CertificatePath<Kind extends Certificate> {
  readonly trust: Trust
  /** Leaf first, and none that the way does not need: servers also send what an older root had signed, long after it has expired. */
  readonly certificates: readonly Kind[]
}

/** Servers send two or three. */
const sentMax = 20

/**
 * What the chain alone tells, leaf first; the others in any order, as servers send them. Without the network an issuer that was not sent
 * cannot be had: of a leaf alone it is taken to exist, of a longer chain its end is an authority that nobody knows.
 */
export function pathOf<Kind extends Certificate>(
  chain: readonly Kind[],
  roots: readonly Certificate[] = usualRoots(),
): CertificatePath<Kind> {
  const [leaf, ...others] = chain.slice(0, sentMax)
  if (!leaf) return { trust: 'not_checked', certificates: [] }
  // Of two with one name browsers try the one that lives longer first: it has replaced the other.
  others.sort((a, b) => endOf(b) - endOf(a))
  const rooted = isForServers(leaf) ? wayToRoot(leaf, new Set(others), roots) : null
  if (rooted) return { trust: 'trusted', certificates: rooted }
  // Where the issuer was sent, or nothing could help, there is nothing to add.
  const isHopeless = !isForServers(leaf) || [leaf, ...others].some((each) => issues(each, leaf))
  return { trust: isHopeless ? 'untrusted' : 'incomplete', certificates: wayUp(leaf, others) }
}

/** Each is tried once: where it did not lead to a root before, it will not later. */
function wayToRoot<Kind extends Certificate>(
  end: Kind,
  untried: Set<Kind>,
  roots: readonly Certificate[],
): readonly Kind[] | null {
  if (roots.some((root) => issues(root, end))) return [end]
  for (const next of untried) {
    if (!isAuthority(next) || !issues(next, end)) continue
    untried.delete(next)
    const rest = wayToRoot(next, untried, roots)
    if (rest) return [end, ...rest]
  }
  return null
}

function wayUp<Kind extends Certificate>(leaf: Kind, others: readonly Kind[]): Kind[] {
  const way = [leaf]
  const left = new Set(others)
  for (let end: Kind | undefined = leaf; end !== undefined; ) {
    const from: Kind = end
    end = [...left].find((each) => isAuthority(each) && issues(each, from))
    if (end === undefined) continue
    left.delete(end)
    way.push(end)
  }
  return way
}

const endOf = (certificate: Certificate): number =>
  (isReal(certificate) ? certificate.validToDate : certificate.validTo).getTime()

/** Where one of the two is only known by what it says, the names decide. */
function issues(issuer: Certificate, certificate: Certificate): boolean {
  if (isReal(issuer) && isReal(certificate)) return isIssuedBy(certificate, issuer)
  return issuer === certificate && !isReal(certificate) ? certificate.selfSigned : certificate.issuer === issuer.subject
}

const isAuthority = (certificate: Certificate): boolean => !isReal(certificate) || (certificate.ca && isForServers(certificate))

/** What a certificate may be used for; if it does not say, for everything (RFC 5280 §4.2.1.12). */
const serverPurposes = new Set(['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'])

/** Node names the extended usages so. */
function isForServers(certificate: Certificate): boolean {
  const purposes = isReal(certificate) ? certificate.keyUsage : undefined
  return purposes === undefined || purposes.some((each) => serverPurposes.has(each))
}

let known: readonly X509Certificate[] | null = null

/** Those that Node brings and those that the operator gave to this process; they do not change while it runs. */
export function usualRoots(): readonly X509Certificate[] {
  known ??= getCACertificates('default').map((pem) => new X509Certificate(pem))
  return known
}
