import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { malBlocklisted as spec } from '@tocsin/contract/rules/mal-blocklisted'
import { type Listing, listListings } from '@tocsin/domain/listings/listings.read'
import { z } from 'zod'
import { answer, type Seen, seenAs, watchedSubjects } from './answer.ts'
import type { DataRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['mal.blocklisted']

/** What a blocklist said longer ago than this says nothing about today. */
const staleMs = 3 * 86_400_000

const Facts = z.object({
  host: z.string(),
  threat: z.string(),
  /** One for each blocklist that has named it. */
  answers: z
    .array(z.object({ source: z.string(), listed: z.boolean(), cleans: z.number().int(), answeredAt: z.iso.datetime() }))
    .min(1),
})
type Facts = z.infer<typeof Facts>

export const malBlocklisted: DataRule<'mal.blocklisted'> = {
  spec,
  scope: 'data',
  async assess(sql, { site, watched, config, now }) {
    return judgeListings(await listListings(sql, site.id), watchedSubjects(spec, { watched }), config[spec.id], now)
  },
  replay: (evidence, { config, now }) => reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id], now)),
}

export function judgeListings(listings: readonly Listing[], waiting: readonly string[], config: Config, now: Date): Verdict[] {
  const groups = Map.groupBy(listings, ({ host, threat }) => `${host}:${threat}`)
  const verdicts = [...groups].flatMap(([subject, own]) => {
    const seen = judged(own, config, now)
    return seen && (seen.level === 'bad' || waiting.includes(subject)) ? [verdictOn(subject, seen)] : []
  })
  // Whose source was removed nobody knows any more.
  const silent = waiting.filter((subject) => !groups.has(subject))
  return [...verdicts, ...silent.map((subject) => verdictOn(subject, { level: 'unknown', evidence: {} }))]
}

const verdictOn = (subject: string, seen: Seen): Verdict => ({
  ...answer(spec, subject, seen, { kind: 'data', urls: [] }),
  conclusive: true,
})

function weigh({ answers }: Facts, { cleansMin }: Config, now: Date): Weighed {
  const fresh = answers.filter(({ answeredAt }) => now.getTime() - Date.parse(answeredAt) <= staleMs)
  if (fresh.some(({ listed }) => listed)) return bad('critical')
  return fresh.length === answers.length && fresh.every(({ cleans }) => cleans >= cleansMin) ? ok : unknown
}

const sources = { safe_browsing: 'Google Safe Browsing', web_risk: 'Google Web Risk' } as const

function judged(own: readonly Listing[], config: Config, now: Date): Seen | null {
  const [first] = own
  if (!first) return null
  const { host, threat } = first
  const answers = own.map(({ source, listed, cleans, answeredAt }) => ({
    source,
    listed,
    cleans,
    answeredAt: answeredAt.toISOString(),
  }))
  const facts = { host, threat, answers }
  return seenAs(weigh(facts, config, now), facts, () => ({
    title: `${spec.title}: ${host}`,
    description: `${own.flatMap(({ source, listed }) => (listed ? [sources[source]] : [])).join(' and ')} lists ${host} (${threat.toLowerCase().replaceAll('_', ' ')}).`,
  }))
}
