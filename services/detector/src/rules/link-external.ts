import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { linkExternal as spec } from '@tocsin/contract/rules/link-external'
import { type CheckedLink, listCheckedLinks } from '@tocsin/domain/external-links/external-links.read'
import { z } from 'zod'
import { answer, type Seen, seenAs, shortName, watchedSubjects } from './answer.ts'
import type { DataRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['link.external']

const hourMs = 3_600_000
const sourcesMax = 5

const Facts = z.object({
  url: z.string(),
  /** Of the last check. */
  outcome: z.enum(['ok', 'gone', 'unknown']).nullable(),
  status: z.number().int().nullable(),
  fault: z.string().nullable(),
  /** Checks in a row that found it gone, the first and the last of them. */
  failures: z.number().int(),
  failingSince: z.iso.datetime().nullable(),
  lastFailedAt: z.iso.datetime().nullable(),
  sources: z.array(z.string()),
  inlinks: z.number().int(),
})
type Facts = z.infer<typeof Facts>

export const linkExternal: DataRule<'link.external'> = {
  spec,
  scope: 'data',
  async assess(sql, { site, watched, config }) {
    const waiting = watchedSubjects(spec, { watched })
    return judgeLinks(await listCheckedLinks(sql, site.id, waiting), waiting, config['link.external'])
  },
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config['link.external'])),
}

export function judgeLinks(links: readonly CheckedLink[], waiting: readonly string[], config: Config): Verdict[] {
  const known = new Set(links.map(({ url }) => url))
  const isWaitedFor = new Set(waiting)
  const verdicts = links.map((link) => ({ ...verdictOn(link.url, linkOf(link, config)), dayOne: link.dayOne }))
  const told = verdicts.filter(({ level, subject }) => level === 'bad' || isWaitedFor.has(subject))
  // What a whole crawl has not met is not remembered: nobody links there any more.
  const unlinked = waiting.filter((url) => !known.has(url))
  return [...told, ...unlinked.map((url) => verdictOn(url, { level: 'ok', evidence: { url, inlinks: 0 } }))]
}

const verdictOn = (url: string, seen: Seen): Verdict => ({
  ...answer(spec, url, seen, { kind: 'data', urls: [] }),
  conclusive: true,
})

function weigh({ outcome, failures, failingSince, lastFailedAt }: Facts, config: Config): Weighed {
  if (outcome === 'ok') return ok
  if (failingSince === null || lastFailedAt === null) return unknown
  const isLong = Date.parse(lastFailedAt) - Date.parse(failingSince) >= config.overHours * hourMs
  return failures >= config.checks && isLong ? bad('low') : unknown
}

function linkOf({ failingSince, lastFailedAt, sources, dayOne: _dayOne, ...link }: CheckedLink, config: Config): Seen {
  const facts = {
    ...link,
    failingSince: failingSince?.toISOString() ?? null,
    lastFailedAt: lastFailedAt?.toISOString() ?? null,
    sources: sources.slice(0, sourcesMax),
  }
  return seenAs(weigh(facts, config), facts, () => {
    const others = link.inlinks > 1 ? ` and ${link.inlinks - 1} more ${link.inlinks === 2 ? 'page' : 'pages'}` : ''
    const how = link.status === null ? 'whose host does not exist' : `which answers with status ${link.status}`
    return {
      title: `${spec.title}: ${new URL(link.url).host}${shortName(link.url)}`,
      description: `${sources[0] ?? 'A page'}${others} ${link.inlinks > 1 ? 'link' : 'links'} to ${link.url}, ${how} since ${facts.failingSince?.slice(0, 10) ?? 'a day'}.`,
    }
  })
}
