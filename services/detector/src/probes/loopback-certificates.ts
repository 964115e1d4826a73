import 'reflect-metadata' // The certificate library looks for it on the global object.
import { randomBytes } from 'node:crypto'
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A certificate of a test, with its key, and what it needs to sign others. */
export interface TestIdentity {
  readonly name: string
  readonly pem: string
  readonly der: Buffer
  readonly keyPem: string
  readonly keys: CryptoKeyPair
}

const dayMs = 86_400_000
const usages = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' } as const

/** Issued by `issuer`, or by itself. Days count from now. */
export async function issue(options: {
  name: string
  issuer?: TestIdentity
  authority?: boolean
  dns?: readonly string[]
  from?: number
  until?: number
  hash?: 'SHA-1' | 'SHA-256'
  issuersUrl?: string
  /** Of another certificate, for one that is signed anew. */
  keys?: CryptoKeyPair
  /** What alone it may be used for. */
  usage?: 'serverAuth' | 'clientAuth'
}): Promise<TestIdentity> {
  const { name, issuer, authority = false, dns = [], from = -1, until = 365, hash = 'SHA-256' } = options
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash }
  const keys = options.keys ?? (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']))
  const certificate = await X509CertificateGenerator.create({
    serialNumber: `01${randomBytes(12).toString('hex')}`,
    subject: `CN=${name}`,
    issuer: `CN=${issuer?.name ?? name}`,
    notBefore: new Date(Date.now() + from * dayMs),
    notAfter: new Date(Date.now() + until * dayMs),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    extensions: [
      new BasicConstraintsExtension(authority, undefined, true),
      ...(dns.length > 0 ? [new SubjectAlternativeNameExtension(dns.map((value) => ({ type: 'dns' as const, value })))] : []),
      ...(options.usage ? [new ExtendedKeyUsageExtension([usages[options.usage]])] : []),
      ...(options.issuersUrl ? [new AuthorityInfoAccessExtension({ caIssuers: options.issuersUrl })] : []),
    ],
  })
  return {
    name,
    keys,
    pem: certificate.toString('pem'),
    der: Buffer.from(certificate.rawData),
    keyPem: PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'),
  }
}
