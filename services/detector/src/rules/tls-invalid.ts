import { tlsInvalid as spec } from '@tocsin/contract/rules/tls-invalid'
import { z } from 'zod'
import type { CertificateFacts } from '../judges/certificate.ts'
import { type TlsFault, tlsFacts } from '../judges/tls.ts'
import type { TlsAddress, TlsObservation } from '../probes/tls.ts'
import { answer, type Seen, seenAs, watchedSubjects } from './answer.ts'
import {
  CertificateEvidence,
  certificateEvidence,
  certificateOf,
  hostOf,
  isComplete,
  lookAtHost,
  measured,
  unmeasuredEvidence,
} from './tls-answer.ts'
import type { SiteRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, type Weighed } from './weigh.ts'

const faults = [
  'expired',
  'not_yet_valid',
  'name_mismatch',
  'untrusted',
  'missing_intermediate',
  'sha1',
] as const satisfies readonly TlsFault[]

const Facts = z.object({
  fault: z.enum(faults),
  /** Without its port. */
  name: z.string(),
  trust: z.enum(['trusted', 'incomplete', 'untrusted', 'not_checked']),
  /** Leaf first. */
  chain: z.array(CertificateEvidence),
})
type Facts = z.infer<typeof Facts>

function weigh({ fault, name, trust, chain }: Facts, now: Date): Weighed {
  if (!tlsFacts(chain.map(certificateOf), now, name, { trust }).faults.includes(fault)) return ok
  return bad(fault === 'sha1' ? 'high' : 'critical')
}

const words = {
  expired: { title: 'Certificate has expired', description: 'A certificate of the chain has expired' },
  not_yet_valid: { title: 'Certificate is not valid yet', description: 'A certificate of the chain is not valid yet' },
  name_mismatch: { title: 'Certificate is for another name', description: 'The certificate is for another name' },
  untrusted: { title: 'Certificate is not trusted', description: 'The certificate leads to no authority that browsers trust' },
  missing_intermediate: {
    title: 'Intermediate certificate is missing',
    description: 'The server leaves out the intermediate certificate, so that some browsers and most programs refuse it',
  },
  sha1: {
    title: 'Certificate is signed with SHA-1',
    description: 'A certificate of the chain is signed with SHA-1, which can be forged',
  },
} as const satisfies Record<TlsFault, { title: string; description: string }>

/** A server sends two or three; of more only the first matter to a browser. */
const chainNamed = 6

export const tlsInvalid: SiteRule<'tls.invalid'> = {
  spec,
  scope: 'site',
  judge({ tls }, context) {
    const waiting = watchedSubjects(spec, context)
    return tls.flatMap((seen) =>
      judgeValidity(
        seen,
        waiting.filter((subject) => isAbout(subject, seen)),
        context.now,
      ),
    )
  },
  async lookAgain(finding, probes, context) {
    const seen = await probes.tls(finding.look.urls[0] ?? context.siteUrl, context.signal)
    const own = judgeValidity(seen, [finding.subject], context.now).find((each) => each.subject === finding.subject)
    return own ?? answer(spec, finding.subject, { level: 'unknown', evidence: unmeasuredEvidence(seen) }, finding.look)
  },
  replay: (evidence, { now }) => reweigh(Facts, evidence, (facts) => weigh(facts, now)),
}

const isAbout = (subject: string, seen: TlsObservation): boolean => subject.slice(0, subject.lastIndexOf(':')) === hostOf(seen)

interface Faulty {
  readonly address: TlsAddress
  readonly others: number
}

/** A verdict for each thing that is wrong on any address, and for each that somebody waits for. */
function judgeValidity(seen: TlsObservation, waiting: readonly string[], now: Date): Verdict[] {
  const look = lookAtHost(seen)
  const byFault = new Map<TlsFault, Faulty>()
  for (const address of measured(seen))
    for (const fault of tlsFacts(address.chain, now, seen.host, { trust: address.trust }).faults) {
      const known = byFault.get(fault)
      byFault.set(fault, known ? { ...known, others: known.others + 1 } : { address, others: 0 })
    }
  const verdicts = [...byFault].map(([fault, faulty]) =>
    answer(spec, `${hostOf(seen)}:${fault}`, faultOf(seen, fault, faulty, now), look),
  )
  const told = new Set(verdicts.map((verdict) => verdict.subject))
  const level = isComplete(seen) ? 'ok' : 'unknown'
  const evidence = { ...unmeasuredEvidence(seen), faults: [...byFault.keys()] }
  const over = waiting.filter((subject) => !told.has(subject))
  return [...verdicts, ...over.map((subject) => answer(spec, subject, { level, evidence }, look))]
}

function faultOf(seen: TlsObservation, fault: TlsFault, { address, others }: Faulty, now: Date): Seen {
  const host = hostOf(seen)
  const { trust, chain } = address
  const facts = { fault, name: seen.host, trust, chain: chain.slice(0, chainNamed).map(certificateEvidence) }
  return seenAs(weigh(facts, now), { host, address: address.address, detail: address.detail, ...facts }, () => {
    const { title, description } = words[fault]
    const all = measured(seen).length
    const some = others + 1 < all ? `, on ${others + 1} of ${all} addresses` : ''
    return {
      title: `${title}: ${host}`,
      description: `${description}${detailOf(fault, chain)} (${host}${some}).`,
    }
  })
}

function detailOf(fault: TlsFault, [leaf]: readonly CertificateFacts[]): string {
  if (!leaf) return ''
  if (fault === 'name_mismatch') return `: it names ${leaf.names.slice(0, 3).join(', ') || 'none'}`
  return fault === 'expired' ? `; the server's own is valid until ${leaf.validTo.toISOString()}` : ''
}
