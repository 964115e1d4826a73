import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { ctUnexpected as spec } from '@tocsin/contract/rules/ct-unexpected'
import { listCertificates, type SeenCertificate } from '@tocsin/domain/certificates/certificates.read'
import { registrableDomain } from '@tocsin/domain/registrable-domain'
import { z } from 'zod'
import { answer, type Seen, seenAs, watchedSubjects } from './answer.ts'
import type { DataRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, type Weighed } from './weigh.ts'

type Config = RuleConfigs['ct.unexpected']

const dayMs = 86_400_000
const namesMax = 20

const Facts = z.object({
  domain: z.string(),
  issuer: z.string(),
  /** False: it has issued for the domain before. */
  isNewIssuer: z.boolean(),
  /** Names that had no certificate before. */
  newNames: z.array(z.string()),
  serial: z.string(),
  notBefore: z.iso.datetime(),
  /** Since when the logs are read. */
  since: z.iso.datetime(),
})
type Facts = z.infer<typeof Facts>

export const ctUnexpected: DataRule<'ct.unexpected'> = {
  spec,
  scope: 'data',
  async assess(sql, { site, watched, config, now }) {
    const certificates = await listCertificates(sql, site.id)
    const domain = registrableDomain(site.url) ?? site.url
    return judgeCertificates(domain, certificates, watchedSubjects(spec, { watched }), config[spec.id], now)
  },
  replay: (evidence, { config, now }) => reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id], now)),
}

export function judgeCertificates(
  domain: string,
  certificates: readonly SeenCertificate[],
  waiting: readonly string[],
  config: Config,
  now: Date,
): Verdict[] {
  if (certificates.length === 0) return waiting.map((subject) => verdictOn(subject, { level: 'unknown', evidence: {} }))
  const usualBefore = new Date(now.getTime() - config.learnDays * dayMs)
  const usual = certificates.filter(({ notBefore }) => notBefore < usualBefore)
  const issuers = new Set(usual.map(({ issuer }) => issuer))
  const names = new Set(usual.flatMap((each) => each.names))
  const since = new Date(Math.min(...certificates.map(({ seenAt }) => seenAt.getTime())))
  const found = new Map<string, Seen>()
  for (const { issuer, names: own, serial, notBefore } of certificates) {
    if (notBefore < usualBefore) continue
    const isNewIssuer = !issuers.has(issuer)
    const newNames = own
      .filter((name) => !names.has(name) && !names.has(`*.${name.slice(name.indexOf('.') + 1)}`))
      .slice(0, namesMax)
    if (!isNewIssuer && newNames.length === 0) continue
    const subject = `${issuer}:${isNewIssuer ? domain : (newNames[0] ?? domain)}`
    const facts = {
      domain,
      issuer,
      isNewIssuer,
      newNames,
      serial,
      notBefore: notBefore.toISOString(),
      since: since.toISOString(),
    }
    found.set(subject, judged(facts, config, now))
  }
  const verdicts = [...found].flatMap(([subject, seen]) =>
    seen.level === 'bad' || waiting.includes(subject) ? [verdictOn(subject, seen)] : [],
  )
  // What has become usual meanwhile is no news any more.
  const over = waiting.filter((subject) => !found.has(subject))
  return [...verdicts, ...over.map((subject) => verdictOn(subject, { level: 'ok', evidence: { domain } }))]
}

const verdictOn = (subject: string, seen: Seen): Verdict => ({
  ...answer(spec, subject, seen, { kind: 'data', urls: [] }),
  conclusive: true,
})

/** While the issuers are learned nothing is unexpected; and what has been there as long as that is usual. */
function weigh({ isNewIssuer, newNames, notBefore, since }: Facts, { learnDays }: Config, now: Date): Weighed {
  const usualBefore = now.getTime() - learnDays * dayMs
  if (Date.parse(since) > usualBefore || Date.parse(notBefore) < usualBefore) return ok
  return isNewIssuer || newNames.length > 0 ? bad('medium') : ok
}

const judged = (facts: Facts, config: Config, now: Date): Seen =>
  seenAs(weigh(facts, config, now), facts, () => ({
    title: `${spec.title}: ${facts.isNewIssuer ? facts.domain : (facts.newNames[0] ?? facts.domain)}`,
    description: facts.isNewIssuer
      ? `${facts.issuer} has issued a certificate of ${facts.domain} on ${facts.notBefore.slice(0, 10)}, and had not before.`
      : `${facts.issuer} has issued a certificate on ${facts.notBefore.slice(0, 10)} for ${facts.newNames.join(', ')}, which had none before.`,
  }))
