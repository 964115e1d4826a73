import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { connect, getCACertificates, type TLSSocket } from 'node:tls'
import { allowedAddress, type Cidr } from '@tocsin/outbound/guarded-address'
import type { Outbound } from '@tocsin/outbound/guarded-http'
import { BlockedAddressError, errorCode, type Resolve, resolveBySystem, resolvePublic } from '@tocsin/outbound/guarded-lookup'
import { DeadlineError, faultOf, type OutboundFault } from '@tocsin/outbound/outbound-fault'
import { type CertificateFacts, certificateFacts, isIssuedBy, pathOf, type Trust, usualRoots } from '../judges/certificate.ts'

export interface TlsAddress {
  readonly address: string
  /** Why there was no handshake; null when there was. */
  readonly fault: OutboundFault | null
  readonly detail: string | null
  readonly trust: Trust
  /** Leaf first, those that lead to an authority. What else the server sends no visitor needs. */
  readonly chain: readonly CertificateFacts[]
}

export interface TlsObservation {
  readonly host: string
  readonly port: number
  /** Why no address was tried; null when some were. */
  readonly fault: 'dns' | 'blocked_address' | null
  readonly detail: string | null
  readonly addresses: readonly TlsAddress[]
}

export interface TlsProbeOptions {
  readonly outbound: Outbound
  readonly allowCidrs: readonly Cidr[]
  readonly resolve?: Resolve
  /** For a handshake. */
  readonly timeoutMs?: number
  /** Beside those that Node brings: a private network's own, in PEM. */
  readonly trustedRoots?: readonly string[]
}

/** A host behind more addresses than this is a network of its own; these stand for all. */
const addressesMax = 8
/** Certificates fetched to complete a chain that the server sent incompletely. */
const fetchedIssuersMax = 3
const chainMax = 10
const handshakeTimeoutMs = 10_000

/** Shakes hands with every address of a host and reads the certificates. What is wrong with them is for the judge to say. */
export async function observeTls(url: string, options: TlsProbeOptions, signal: AbortSignal): Promise<TlsObservation> {
  const { hostname, port: written } = new URL(url)
  const port = written === '' ? 443 : Number(written)
  const host = hostname.replace(/^\[|\]$/g, '')
  const found = await resolvePublic(hostname, options.allowCidrs, options.resolve ?? resolveBySystem)
  if (!found.ok) return { host, port, fault: found.reason, detail: found.detail, addresses: [] }
  const addresses = [...new Set(found.addresses.map((each) => each.address))].slice(0, addressesMax)
  const seen = await Promise.all(addresses.map((address) => observeAddress(host, port, address, options, signal)))
  return { host, port, fault: null, detail: null, addresses: seen }
}

async function observeAddress(
  host: string,
  port: number,
  address: string,
  options: TlsProbeOptions,
  signal: AbortSignal,
): Promise<TlsAddress> {
  try {
    const { sent, error } = await shakeHands(host, port, address, options, signal)
    const roots = knownRoots(options)
    const chain = pathOf(sent, roots).certificates
    const trust = await trustOf(chain, error, roots, options, signal)
    return { address, fault: null, detail: error, trust, chain: chain.map(certificateFacts) }
  } catch (error) {
    return { address, ...faultOf(error), trust: 'not_checked', chain: [] }
  }
}

interface Presented {
  /** Leaf first. */
  readonly sent: readonly X509Certificate[]
  /** OpenSSL's word for why it does not trust the chain. */
  readonly error: string | null
}

function shakeHands(
  host: string,
  port: number,
  address: string,
  options: TlsProbeOptions,
  signal: AbortSignal,
): Promise<Presented> {
  const { promise, resolve, reject } = Promise.withResolvers<Presented>()
  const timeoutMs = options.timeoutMs ?? handshakeTimeoutMs
  const socket = connect({
    host: address,
    port,
    // A name is sent so that the right certificate is shown; an address must not be (RFC 6066 §3).
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // Everything is looked at and nothing is sent, so a bad certificate is no danger here.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    // Old servers and weak keys are to be read too, not to be refused by our own library.
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT@SECLEVEL=0',
    ...(options.trustedRoots ? { ca: rootsOf(options) } : {}),
  })
  const late = new DeadlineError(`No handshake within ${timeoutMs} ms`)
  const timer = setTimeout(() => reject(late), timeoutMs)
  const onAbort = () => reject(new DeadlineError('Cancelled'))
  signal.addEventListener('abort', onAbort, { once: true })
  socket.once('error', reject)
  socket.once('close', () => reject(Object.assign(new Error('The connection was closed'), { code: 'ECONNRESET' })))
  socket.once('secureConnect', () => {
    const connected = socket.remoteAddress ?? ''
    if (!allowedAddress(connected, options.allowCidrs)) reject(new BlockedAddressError(`${host} led to ${connected}`))
    else resolve({ sent: chainOf(socket), error: socket.authorized ? null : wordOf(socket.authorizationError) })
  })
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    // The connection may still fail while it is taken down; that is no longer of interest.
    socket.on('error', () => {})
    socket.destroy()
  })
}

/** Node's types say Error, Node gives the code as a string. */
const wordOf = (error: unknown): string => (typeof error === 'string' ? error : (errorCode(error) ?? 'UNKNOWN'))

function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = []
  let next = socket.getPeerX509Certificate()
  while (next && chain.length < chainMax && !chain.some((each) => each.fingerprint256 === next?.fingerprint256)) {
    chain.push(next)
    next = next.issuerCertificate
  }
  return chain
}

const issuerMissing = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])
/** Dates are judged on their own: an expired certificate of a trusted issuer is expired, not distrusted. */
const onlyDates = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])

async function trustOf(
  chain: readonly X509Certificate[],
  error: string | null,
  roots: readonly X509Certificate[],
  options: TlsProbeOptions,
  signal: AbortSignal,
): Promise<Trust> {
  if (error === null || onlyDates.has(error)) return 'trusted'
  const last = chain.at(-1)
  if (!last || !issuerMissing.has(error)) return 'untrusted'
  const end = await followIssuers(last, roots, options, signal)
  if (end === 'root') return 'incomplete'
  // A leaf alone whose issuer cannot be had either: all that is certain is that the server did not send it.
  return end === 'lost' && chain.length === 1 ? 'incomplete' : 'untrusted'
}

/** Beside the built-in ones those that the operator gave to this process (NODE_EXTRA_CA_CERTS). */
const rootsOf = (options: TlsProbeOptions): string[] => [...getCACertificates('default'), ...(options.trustedRoots ?? [])]

const knownRoots = ({ trustedRoots = [] }: TlsProbeOptions): X509Certificate[] => [
  ...usualRoots(),
  ...trustedRoots.map((pem) => new X509Certificate(pem)),
]

/** Follows the addresses at which certificates name their issuers, as some browsers do: to a trusted root, to another, or nowhere. */
async function followIssuers(
  start: X509Certificate,
  roots: readonly X509Certificate[],
  options: TlsProbeOptions,
  signal: AbortSignal,
): Promise<'root' | 'other' | 'lost'> {
  let certificate = start
  for (let fetched = 0; fetched <= fetchedIssuersMax; fetched += 1) {
    if (roots.some((root) => isIssuedBy(certificate, root))) return 'root'
    if (isIssuedBy(certificate, certificate)) return 'other'
    const url = /CA Issuers - URI:(http:\/\/\S+)/.exec(certificate.infoAccess ?? '')?.[1]
    const issuer = url === undefined ? null : await fetchCertificate(url, options, signal)
    if (!issuer || !isIssuedBy(certificate, issuer)) return fetched === 0 ? 'lost' : 'other'
    certificate = issuer
  }
  return 'other'
}

async function fetchCertificate(url: string, options: TlsProbeOptions, signal: AbortSignal): Promise<X509Certificate | null> {
  const answer = await options.outbound.request(url, {
    totalTimeoutMs: options.timeoutMs ?? handshakeTimeoutMs,
    maxBytes: 64 * 1024,
    signal,
  })
  if (!answer.ok || answer.status !== 200) return null
  try {
    return new X509Certificate(answer.body)
  } catch {
    // Something else than one certificate, a bundle for example: then the issuer stays unknown.
    return null
  }
}
