import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { domainExpiry as spec } from '@tocsin/contract/rules/domain-expiry'
import { type Registration, readRegistration } from '@tocsin/domain/registrations/registrations.read'
import { z } from 'zod'
import { answer, type Seen, seenAs, watchedSubjects } from './answer.ts'
import type { DataRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['domain.expiry']

const dayMs = 86_400_000
/** What a registry said longer ago than this says nothing about today. */
const staleMs = 7 * dayMs

const Answer = z.object({ expiresAt: z.iso.datetime().nullable(), redemption: z.boolean(), askedAt: z.iso.datetime() })
const Facts = z.object({
  domain: z.string(),
  /** The latest first. */
  answers: z.array(Answer).min(1).max(2),
})
type Facts = z.infer<typeof Facts>

export const domainExpiry: DataRule<'domain.expiry'> = {
  spec,
  scope: 'data',
  async assess(sql, { site, watched, config, now }) {
    const registration = await readRegistration(sql, site.id)
    return judgeRegistration(registration, watchedSubjects(spec, { watched }), config['domain.expiry'], now)
  },
  replay: (evidence, { config, now }) => reweigh(Facts, evidence, (facts) => weigh(facts, config['domain.expiry'], now)),
}

export function judgeRegistration(
  registration: Registration | null,
  waiting: readonly string[],
  config: Config,
  now: Date,
): Verdict[] {
  const seen = registration && { subject: registration.domain, judged: expiryOf(registration, config, now) }
  const own =
    seen && (seen.judged.level === 'bad' || waiting.includes(seen.subject)) ? [verdictOn(seen.subject, seen.judged)] : []
  const others = waiting.filter((domain) => domain !== registration?.domain)
  return [...own, ...others.map((domain) => verdictOn(domain, { level: 'unknown', evidence: {} }))]
}

const verdictOn = (domain: string, seen: Seen): Verdict => ({
  ...answer(spec, domain, seen, { kind: 'data', urls: [] }),
  conclusive: true,
})

/** One answer may be a registry's mistake: two must say the same. */
function weigh({ answers: [latest, before] }: Facts, config: Config, now: Date): Weighed {
  if (!latest || !before || now.getTime() - Date.parse(latest.askedAt) > staleMs) return unknown
  if (latest.redemption !== before.redemption || latest.expiresAt !== before.expiresAt) return unknown
  if (latest.redemption) return bad('critical')
  if (latest.expiresAt === null) return unknown
  const days = (Date.parse(latest.expiresAt) - now.getTime()) / dayMs
  if (days < config.criticalDays) return bad('critical')
  if (days < config.highDays) return bad('high')
  return days < config.mediumDays ? bad('medium') : ok
}

function expiryOf({ domain, answers }: Registration, config: Config, now: Date): Seen {
  const facts = {
    domain,
    answers: answers.map(({ expiresAt, redemption, askedAt }) => ({
      expiresAt: expiresAt?.toISOString() ?? null,
      redemption,
      askedAt: askedAt.toISOString(),
    })),
  }
  return seenAs(weigh(facts, config, now), facts, () => {
    const [latest] = answers
    const end = latest?.expiresAt?.toISOString().slice(0, 10) ?? 'an unknown day'
    if (latest?.redemption)
      return {
        title: `Domain registration has ended: ${domain}`,
        description: `The registry says that ${domain} has been given up and can be bought back for a short time only.`,
      }
    const isOver = latest?.expiresAt != null && latest.expiresAt <= now
    return {
      title: isOver ? `Domain registration has ended: ${domain}` : `${spec.title}: ${domain}`,
      // Without a count of days: what is said of a threat is told again when it changes.
      description: isOver ? `The registration of ${domain} ended on ${end}.` : `The registration of ${domain} ends on ${end}.`,
    }
  })
}
