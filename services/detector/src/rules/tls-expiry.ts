import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { tlsExpiry as spec } from '@tocsin/contract/rules/tls-expiry'
import { z } from 'zod'
import { type ExpiryFacts, expiryFacts, expirySteps, tlsFacts } from '../judges/tls.ts'
import type { TlsObservation } from '../probes/tls.ts'
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

type Config = RuleConfigs['tls.expiry']

const Facts = z.object({ certificate: CertificateEvidence })

const dayMs = 86_400_000

export const tlsExpiry: SiteRule<'tls.expiry'> = {
  spec,
  scope: 'site',
  judge({ tls }, context) {
    const waiting = watchedSubjects(spec, context)
    return tls.flatMap((seen) =>
      judgeExpiry(
        seen,
        waiting.filter((subject) => isAbout(subject, seen)),
        context.config['tls.expiry'],
        context.now,
      ),
    )
  },
  async lookAgain(finding, probes, context) {
    const seen = await probes.tls(finding.look.urls[0] ?? context.siteUrl, context.signal)
    const own = judgeExpiry(seen, [finding.subject], context.config['tls.expiry'], context.now).find(
      (each) => each.subject === finding.subject,
    )
    return own ?? answer(spec, finding.subject, { level: 'unknown', evidence: unmeasuredEvidence(seen) }, finding.look)
  },
  replay: (evidence, { config, now }) =>
    reweigh(Facts, evidence, ({ certificate }) => weigh(expiryFacts(certificateOf(certificate), now, config['tls.expiry']))),
}

const weigh = ({ severity }: ExpiryFacts): Weighed => (severity === null ? ok : bad(severity))

const isAbout = (subject: string, seen: TlsObservation): boolean => subject.slice(0, subject.lastIndexOf(':')) === hostOf(seen)

/** A verdict for each certificate near its end, and for each that somebody waits for: it is over when no address shows it any more. */
function judgeExpiry(seen: TlsObservation, waiting: readonly string[], config: Config, now: Date): Verdict[] {
  const look = lookAtHost(seen)
  const verdicts: Verdict[] = []
  for (const [serial, { facts, addresses }] of nearEnds(seen, config, now)) {
    const subject = `${hostOf(seen)}:${serial}`
    // A certificate that is expired when it is first seen is not valid, which tls.invalid tells.
    if (facts.remainingMs < 0 && !waiting.includes(subject)) continue
    verdicts.push(answer(spec, subject, expiryOf(seen, facts, addresses, config), look))
  }
  const told = new Set(verdicts.map((verdict) => verdict.subject))
  const level = isComplete(seen) ? 'ok' : 'unknown'
  const over = waiting.filter((subject) => !told.has(subject))
  return [...verdicts, ...over.map((subject) => answer(spec, subject, { level, evidence: shown(seen) }, look))]
}

interface NearEnd {
  readonly facts: ExpiryFacts
  readonly addresses: string[]
}

/** By serial number: several addresses may show the same one, and one may have been forgotten. */
function nearEnds(seen: TlsObservation, config: Config, now: Date): Map<string, NearEnd> {
  const bySerial = new Map<string, NearEnd>()
  for (const { address, chain, trust } of measured(seen)) {
    const { nearest } = tlsFacts(chain, now, seen.host, { trust, limits: config })
    if (!nearest?.severity) continue
    const known = bySerial.get(nearest.certificate.serial)
    if (known) known.addresses.push(address)
    else bySerial.set(nearest.certificate.serial, { facts: nearest, addresses: [address] })
  }
  return bySerial
}

const shown = (seen: TlsObservation) => ({
  ...unmeasuredEvidence(seen),
  serials: measured(seen).map(({ address, chain }) => ({ address, serials: chain.map(({ serial }) => serial) })),
})

function expiryOf(seen: TlsObservation, facts: ExpiryFacts, addresses: string[], config: Config): Seen {
  const { certificate, lifetimeMs, remainingMs } = facts
  const host = hostOf(seen)
  const lifetimeDays = Math.round(lifetimeMs / dayMs)
  const evidence = { host, certificate: certificateEvidence(certificate), lifetimeDays, addresses }
  const judged = seenAs(weigh(facts), evidence, () => {
    const isLeaf = measured(seen).some(({ chain }) => chain[0]?.serial === certificate.serial)
    const what = isLeaf ? 'The certificate' : `A certificate of the chain (${certificate.subject.replaceAll('\n', ', ')})`
    const when = certificate.validTo.toISOString()
    const end = remainingMs < 0 ? `expired at ${when}` : `expires in ${span(remainingMs)}, at ${when}`
    const some = addresses.length < measured(seen).length ? `, on ${addresses.length} of ${measured(seen).length} addresses` : ''
    return {
      title: remainingMs < 0 ? `Certificate has expired: ${host}` : `${spec.title}: ${host}`,
      description: `${what} of ${host} ${end}${some}.`,
    }
  })
  return judged.level === 'bad' ? { ...judged, worsensAt: worsensAt(facts, config) } : judged
}

/** Certificates of a day do not wait for the next scan to become critical. */
function worsensAt({ certificate, lifetimeMs, remainingMs }: ExpiryFacts, config: Config): Date | null {
  const next = expirySteps(lifetimeMs, config).findLast((step) => step.belowMs <= remainingMs)
  return next ? new Date(certificate.validTo.getTime() - next.belowMs + 1) : null
}

/** Whole days: what is said of a threat changes once a day at most, and with it what is told. */
function span(ms: number): string {
  const days = Math.floor(ms / dayMs)
  return days < 1 ? 'less than a day' : `${days} ${days === 1 ? 'day' : 'days'}`
}
