import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { hdrRegress as spec } from '@tocsin/contract/rules/hdr-regress'
import { z } from 'zod'
import type { CrawlSummary } from '../crawler/observation.ts'
import { type HeaderFinding, type ScoredHeader, scoredHeaders } from '../judges/headers-score.ts'
import type { Probes } from '../probes/probes.ts'
import { answer, isWatched, type Seen, seenAs } from './answer.ts'
import type { SiteMemory } from './site-memory.ts'
import { type Finding, type LookContext, type SiteContext, type SiteRule, type Verdict, watchKey } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Samples = CrawlSummary['headerSamples']
type Config = RuleConfigs['hdr.regress']

const Facts = z.object({
  /** What the header was worth at its best; null: measured against what is good. */
  before: z.number().nullable(),
  /** What it is worth now, on the best of several pages: a fault of the host is on all of them. */
  now: z.number().nullable(),
  result: z.string().nullable(),
})
type Facts = z.infer<typeof Facts>

/** Pages that must agree, and pages that are looked at again. */
const pagesAgain = 2

export const hdrRegress: SiteRule<'hdr.regress'> = {
  spec,
  scope: 'site',
  judge({ summary }, context) {
    return [...Map.groupBy(summary.headerSamples, (sample) => sample.host)].flatMap(([host, samples]) =>
      scoredHeaders.flatMap((header) => judgeHeader(host, header, samples, context) ?? []),
    )
  },
  lookAgain,
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config['hdr.regress'])),
}

function weigh({ before, now, result }: Facts, { highFrom, mediumFrom }: Config): Weighed {
  if (now === null) return unknown
  const lost = (before ?? 0) - now
  // A page that sets no cookie, or shares nothing, has nothing to protect.
  if (lost < Math.min(mediumFrom, highFrom) || result === 'none') return ok
  return bad(lost >= highFrom ? 'high' : 'medium')
}

function judgeHeader(host: string, header: ScoredHeader, samples: Samples, context: SiteContext): Verdict | null {
  const subject = subjectOf(host, header)
  const before = context.memory.headerBaseline[host]?.[header]
  const watch = context.watched.get(watchKey(spec.id, subject))
  // What was weak on day one is measured against what is good; it is listed, and nobody is alarmed.
  const isHygiene = context.baseline || watch === 'hygiene'
  if (before === undefined && !isHygiene) return null
  const seen = regressionOf({ host, header, before: isHygiene ? null : (before ?? null), samples }, context.config)
  if (seen.level !== 'bad' && !isWatched(spec, subject, context)) return null
  return answer(spec, subject, seen, { kind: 'page', urls: samples.slice(0, pagesAgain).map((sample) => sample.url) })
}

async function lookAgain(finding: Finding, probes: Probes, context: LookContext): Promise<Verdict> {
  const separator = finding.subject.lastIndexOf(':')
  const host = finding.subject.slice(0, separator)
  const header = scoredHeaders.find((each) => each === finding.subject.slice(separator + 1))
  const samples: Samples[number][] = []
  for (const url of finding.look.urls) {
    const page = await probes.page(url, context.signal)
    if (page.fault === null && page.headerScore) samples.push({ url, host, score: page.headerScore })
  }
  if (!header || samples.length === 0)
    return answer(spec, finding.subject, { level: 'unknown', evidence: { urls: finding.look.urls } }, finding.look)
  const seen = regressionOf({ host, header, before: measureOf(finding, host, header, context.memory), samples }, context.config)
  return answer(spec, finding.subject, seen, finding.look)
}

/** The scan said against what it measured; null is what is good. */
function measureOf({ evidence }: Finding, host: string, header: ScoredHeader, memory: SiteMemory): number | null {
  const before = evidence['before']
  if (typeof before === 'number' || before === null) return before
  return memory.headerBaseline[host]?.[header] ?? null
}

const subjectOf = (host: string, header: ScoredHeader): string => `${host}:${header}`

/** The best of several pages speaks for the host: a fault of the host is on all of them. */
export function bestOf(samples: Samples, header: ScoredHeader): HeaderFinding | null {
  const findings = samples.map((sample) => sample.score.findings[header])
  return findings.reduce<HeaderFinding | null>((best, each) => (best && best.modifier >= each.modifier ? best : each), null)
}

function regressionOf(
  input: { host: string; header: ScoredHeader; before: number | null; samples: Samples },
  config: RuleConfigs,
): Seen {
  const { host, header, before, samples } = input
  const best = bestOf(samples, header)
  const pages = samples.map(({ url, score }) => ({ url, score: score.score, ...score.findings[header] }))
  const facts = { before, now: best?.modifier ?? null, result: best?.result ?? null }
  return seenAs(weigh(facts, config['hdr.regress']), { host, header, ...facts, pages }, () => {
    const isGone = facts.result === 'missing'
    const than = before === null ? '' : ' than before'
    return {
      title: `${titles[header]} ${isGone ? 'is missing' : `is weaker${before === null ? ' than it should be' : ''}`}: ${host}`,
      description: isGone
        ? `${host} ${before === null ? 'does not send' : 'no longer sends'} the header ${header}.`
        : `What ${host} sends as ${header} protects less${than} (${(facts.result ?? '').replaceAll('_', ' ')}).`,
    }
  })
}

const titles = {
  'content-security-policy': 'Content-Security-Policy',
  'strict-transport-security': 'Strict-Transport-Security',
  'x-frame-options': 'Protection against framing',
  'x-content-type-options': 'X-Content-Type-Options',
  'referrer-policy': 'Referrer-Policy',
  'set-cookie': 'Protection of cookies',
  'access-control-allow-origin': 'Protection against foreign sites reading',
  'cross-origin-resource-policy': 'Cross-Origin-Resource-Policy',
} as const satisfies Record<ScoredHeader, string>
