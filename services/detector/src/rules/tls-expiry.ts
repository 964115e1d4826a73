import { tlsExpiry as spec } from '@tocsin/contract/rules/tls-expiry'
import { type ExpiryFacts, tlsFacts } from '../judges/tls.ts'
import type { TlsObservation } from '../probes/tls.ts'
import { answer, type Seen, watchedSubjects } from './answer.ts'
import { certificateEvidence, hostOf, isComplete, lookAtHost, measured, unmeasuredEvidence } from './tls-answer.ts'
import type { SiteRule, Verdict } from './verdict.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

export const tlsExpiry: SiteRule<'tls.expiry'> = {
  spec,
  scope: 'site',
  judge({ tls }, context) {
    const waiting = watchedSubjects(spec, context)
    return tls.flatMap((seen) =>
      judgeExpiry(
        seen,
        waiting.filter((subject) => isAbout(subject, seen)),
        context.now,
      ),
    )
  },
  async lookAgain(finding, probes, context) {
    const seen = await probes.tls(finding.look.urls[0] ?? context.siteUrl, context.signal)
    const own = judgeExpiry(seen, [finding.subject], context.now).find((each) => each.subject === finding.subject)
    return own ?? answer(spec, finding.subject, { level: 'unknown', evidence: unmeasuredEvidence(seen) }, finding.look)
  },
}

const isAbout = (subject: string, seen: TlsObservation): boolean => subject.slice(0, subject.lastIndexOf(':')) === hostOf(seen)

/** A verdict for each certificate near its end, and for each that somebody waits for: it is over when no address shows it any more. */
function judgeExpiry(seen: TlsObservation, waiting: readonly string[], now: Date): Verdict[] {
  const look = lookAtHost(seen)
  const verdicts: Verdict[] = []
  for (const [serial, { facts, addresses }] of nearEnds(seen, now)) {
    const subject = `${hostOf(seen)}:${serial}`
    // A certificate that is expired when it is first seen is not valid, which tls.invalid tells.
    if (facts.remainingMs <= 0 && !waiting.includes(subject)) continue
    verdicts.push(answer(spec, subject, expiryOf(seen, facts, addresses), look))
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
function nearEnds(seen: TlsObservation, now: Date): Map<string, NearEnd> {
  const bySerial = new Map<string, NearEnd>()
  for (const { address, chain, trust } of measured(seen)) {
    const { nearest } = tlsFacts(chain, trust, now, seen.host)
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

function expiryOf(
  seen: TlsObservation,
  { certificate, lifetimeMs, remainingMs, severity }: ExpiryFacts,
  addresses: string[],
): Seen {
  const host = hostOf(seen)
  const isLeaf = measured(seen).some(({ chain }) => chain[0]?.serial === certificate.serial)
  const what = isLeaf ? 'The certificate' : `A certificate of the chain (${certificate.subject.replaceAll('\n', ', ')})`
  const when = certificate.validTo.toISOString()
  const words = remainingMs <= 0 ? `expired at ${when}` : `expires in ${span(remainingMs)}, at ${when}`
  const some = addresses.length < measured(seen).length ? `, on ${addresses.length} of ${measured(seen).length} addresses` : ''
  return {
    level: 'bad',
    severity: severity ?? 'medium',
    title: remainingMs <= 0 ? `Certificate has expired: ${host}` : `${spec.title}: ${host}`,
    description: `${what} of ${host} ${words}${some}.`,
    evidence: {
      host,
      certificate: certificateEvidence(certificate),
      lifetimeDays: Math.round(lifetimeMs / dayMs),
      addresses,
    },
  }
}

function span(ms: number): string {
  const [count, unit] = ms >= 2 * dayMs ? [Math.floor(ms / dayMs), 'day'] : [Math.floor(ms / hourMs), 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
