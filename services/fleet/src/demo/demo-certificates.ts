import 'reflect-metadata' // The certificate library looks for it on the global object.
import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { SwitchName } from './demo-switches.ts'

export type CertificateFault = Extract<SwitchName, `certificate_${string}`>
export type Identity = { key: string; cert: string }
export type DemoCertificates = {
  /** The root that a visitor must trust to find the healthy identity valid. */
  ca: string
  healthy: Identity
  faulty: Record<CertificateFault, Identity>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const dayMs = 24 * 3_600_000
const ownNames = ['localhost', '127.0.0.1', '::1']

type Signer = { name: string; keys: CryptoKeyPair }
type Leaf = { names: string[]; from: number; until: number; issuer: Signer }

/** An authority of our own: root, intermediate, and one server certificate for each state. Days count from now. */
export async function createDemoCertificates(now: Date): Promise<DemoCertificates> {
  const at = (days: number) => new Date(now.getTime() + days * dayMs)
  const [rootKeys, middleKeys, serverKeys] = await Promise.all([newKeys(), newKeys(), newKeys()])
  const root: Signer = { name: 'CN=Demo Root', keys: rootKeys }
  const middle: Signer = { name: 'CN=Demo Intermediate', keys: middleKeys }
  const server: Signer = { name: 'CN=localhost', keys: serverKeys }
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey), 'PRIVATE KEY')

  const authority = (subject: Signer, issuer: Signer) =>
    sign({ subject, issuer, notBefore: at(-365), notAfter: at(3650), extensions: authorityExtensions })
  const rootCertificate = await authority(root, root)
  const middleCertificate = await authority(middle, root)
  const leaf = ({ names, from, until, issuer }: Leaf) =>
    sign({
      subject: server,
      issuer,
      notBefore: at(from),
      notAfter: at(until),
      extensions: [...leafExtensions, nameExtension(names)],
    })
  const identity = (...chain: X509Certificate[]): Identity => ({
    key,
    cert: chain.map((certificate) => certificate.toString('pem')).join('\n'),
  })

  const healthy = await leaf({ names: ownNames, from: -1, until: 89, issuer: middle })
  return {
    ca: rootCertificate.toString('pem'),
    healthy: identity(healthy, middleCertificate),
    faulty: {
      certificate_expired: identity(await leaf({ names: ownNames, from: -91, until: -1, issuer: middle }), middleCertificate),
      certificate_near_expiry: identity(await leaf({ names: ownNames, from: -88, until: 2, issuer: middle }), middleCertificate),
      certificate_wrong_name: identity(
        await leaf({ names: ['shop.example'], from: -1, until: 89, issuer: middle }),
        middleCertificate,
      ),
      certificate_incomplete: identity(healthy),
      certificate_untrusted: identity(await leaf({ names: ownNames, from: -1, until: 89, issuer: server })),
    },
  }
}

const authorityExtensions: Extension[] = [
  new BasicConstraintsExtension(true, undefined, true),
  new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
]
const leafExtensions: Extension[] = [
  new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
  new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
]

function nameExtension(names: string[]): Extension {
  return new SubjectAlternativeNameExtension(names.map((value): JsonGeneralName => ({ type: isIP(value) ? 'ip' : 'dns', value })))
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

type Request = { subject: Signer; issuer: Signer; notBefore: Date; notAfter: Date; extensions: Extension[] }

function sign({ subject, issuer, notBefore, notAfter, extensions }: Request): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    serialNumber: `01${randomBytes(12).toString('hex')}`,
    subject: subject.name,
    issuer: issuer.name,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    publicKey: subject.keys.publicKey,
    signingKey: issuer.keys.privateKey,
    extensions,
  })
}
