import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { idxRobotsBlock as spec } from '@tocsin/contract/rules/idx-robots-block'
import { z } from 'zod'
import type { RobotsObservation } from '../crawler/observation.ts'
import { urlAddress } from '../judges/url-address.ts'
import { answer, type Seen, seenAs, watchedSubjects } from './answer.ts'
import { googlebot, type ReadRobots, readForGooglebot, speaksFor } from './googlebot.ts'
import type { PageMemory } from './page-memory.ts'
import type { LookTarget, SiteRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, type Weighed } from './weigh.ts'

type Config = RuleConfigs['idx.robots_block']

const pagesNamed = 20
/** As much of a line as somebody reads. */
const lineLengthMax = 500

const Facts = z.object({
  pagesBlocked: z.number().int(),
  pagesKnown: z.number().int(),
  blocksHome: z.boolean(),
  /** Of the pages blocked, those important enough to be told of by themselves; the home page is. */
  importantBlocked: z.number().int(),
})
type Facts = z.infer<typeof Facts>

type KnownPages = ReadonlyMap<string, PageMemory>

export const idxRobotsBlock: SiteRule<'idx.robots_block'> = {
  spec,
  scope: 'site',
  judge({ summary }, context) {
    return judgeBlocks(summary.robots, {
      pages: context.pages,
      home: summary.homeUrl,
      waiting: watchedSubjects(spec, context),
      config: context.config['idx.robots_block'],
    })
  },
  async lookAgain(finding, probes, context) {
    const robots = await probes.robots(finding.look.urls[0] ?? context.siteUrl, context.signal)
    const told = finding.evidence['home']
    const home = typeof told === 'string' ? told : (urlAddress(context.siteUrl) ?? context.siteUrl)
    const { pages } = context
    const config = context.config['idx.robots_block']
    const verdicts = judgeBlocks(robots, { pages, home, waiting: [finding.subject], config })
    const own = verdicts.find((verdict) => verdict.subject === finding.subject)
    return own ?? answer(spec, finding.subject, { level: 'unknown', evidence: evidenceOf(robots) }, finding.look)
  },
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config['idx.robots_block'])),
}

interface About {
  readonly pages: KnownPages
  readonly home: string
  /** Lines for which somebody waits. */
  readonly waiting: readonly string[]
  readonly config: Config
}

function weigh({ pagesBlocked, pagesKnown, blocksHome, importantBlocked }: Facts, config: Config): Weighed {
  // A line that hides so much of a site is critical, whatever it hides.
  const isLarge = pagesBlocked / Math.max(1, pagesKnown) >= config.criticalShare
  if (!isLarge && importantBlocked === 0) return ok
  return bad(blocksHome || isLarge ? 'critical' : 'high')
}

/** A verdict for each line that keeps Googlebot from what it was allowed before, and for each line that somebody waits for. */
function judgeBlocks(robots: RobotsObservation, about: About): Verdict[] {
  const { waiting } = about
  const look: LookTarget = { kind: 'robots', urls: [robots.url] }
  const known = readForGooglebot(robots)
  if (!known) return waiting.map((line) => answer(spec, line, { level: 'unknown', evidence: evidenceOf(robots) }, look))
  const verdicts: Verdict[] = []
  for (const [line, blocked] of blockedByLine(robots, known, about)) {
    const seen = blockOf(robots, { line, blocked, ...about })
    if (seen.level === 'bad') verdicts.push(answer(spec, subjectOf(known.robots.lineText(line)), seen, look))
  }
  const told = new Set(verdicts.map((verdict) => verdict.subject))
  const over = waiting.filter((line) => !told.has(line))
  return [...verdicts, ...over.map((line) => answer(spec, line, { level: 'ok', evidence: evidenceOf(robots) }, look))]
}

/** A line is the same line with another comment, other spaces or in another place of the file. */
const subjectOf = (text: string): string =>
  text
    .replace(/#.*$/, '')
    .replace(/^\s*([^:\s]+)\s*:\s*/, (_, key: string) => `${key.toLowerCase()}: `)
    .trim()

/**
 * Pages that were allowed before, by the number of the line that now forbids them. The home page counts also when it is new, and after
 * that for as long as somebody waits for the very line that forbids it.
 */
function blockedByLine(robots: RobotsObservation, known: ReadRobots, about: About): Map<number, string[]> {
  const { pages, home, waiting } = about
  const byLine = new Map<number, string[]>()
  for (const url of new Set([home, ...pages.keys()])) {
    if (!speaksFor(robots, url)) continue
    const { allowed, line } = known.match(url)
    if (allowed || line === null) continue
    const wasAllowed = pages.get(url)?.allowedByRobots ?? true
    const isWaitedFor = url === home && waiting.includes(subjectOf(known.robots.lineText(line)))
    if (wasAllowed || isWaitedFor) byLine.set(line, [...(byLine.get(line) ?? []), url])
  }
  return byLine
}

interface Block extends About {
  readonly line: number
  readonly blocked: readonly string[]
}

function blockOf(robots: RobotsObservation, { line, blocked, pages, home, config }: Block): Seen {
  const blocksHome = blocked.includes(home)
  const isImportant = (url: string) => url === home || (pages.get(url)?.importance ?? 0) >= config.importantFrom
  const important = blocked.filter(isImportant)
  const examples = [...important, ...blocked.filter((url) => !isImportant(url))].slice(0, pagesNamed)
  const text = (readForGooglebot(robots)?.robots.lineText(line) ?? '').slice(0, lineLengthMax)
  const facts = {
    pagesBlocked: blocked.length,
    pagesKnown: pages.size,
    blocksHome,
    importantBlocked: important.length,
  }
  const evidence = { ...evidenceOf(robots), crawler: googlebot, home, line, text, ...facts, pages: examples }
  return seenAs(weigh(facts, config), evidence, () => {
    const what = blocksHome ? 'the home page' : (examples[0] ?? '')
    const more = blocked.length > 1 ? ` and ${blocked.length - 1} more` : ''
    return {
      title: blocksHome ? 'robots.txt blocks the home page' : spec.title,
      description: `Line ${line} of robots.txt, "${text}", keeps Googlebot away from ${what}${more}.`,
    }
  })
}

const evidenceOf = ({ url, availability, status, fault }: RobotsObservation) => ({ url, availability, status, fault })
