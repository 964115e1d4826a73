import { Severity } from '@tocsin/contract/rule'
import { libVuln as spec } from '@tocsin/contract/rules/lib-vuln'
import { z } from 'zod'
import { readScript } from '../read-scripts.ts'
import { type Seen, seenAs } from './answer.ts'
import { answerOnSeen, lookForSeen } from './running-answer.ts'
import type { HeldLibrary } from './running-facts.ts'
import type { SiteContext, SiteObservation, SiteRule } from './verdict.ts'
import { bad, ok, reweigh, type Weighed } from './weigh.ts'

const Facts = z.object({
  library: z.string(),
  version: z.string(),
  script: z.string(),
  advisories: z.array(z.object({ id: z.string(), severity: Severity })),
  urls: z.array(z.string()),
  pages: z.number().int(),
})
type Facts = z.infer<typeof Facts>

export const libVuln: SiteRule<'lib.vuln'> = {
  spec,
  scope: 'site',
  judge(seen, context) {
    const byAddress = [...seen.survey.running.libraries].map(([subject, { found: library, urls, pages }]) => ({
      subject,
      seen: judged(factsOf(library, urls, pages)),
      urls,
    }))
    const named = new Set(byAddress.map(({ subject }) => subject))
    const found = [...byAddress, ...inFiles(seen, context).filter(({ subject }) => !named.has(subject))]
    return answerOnSeen(spec, found, seen, context)
  },
  lookAgain(finding, probes, context) {
    const told = Facts.safeParse(finding.evidence)
    return lookForSeen(spec, finding, probes, context, async (page) => {
      const running = page.running
      const library = running?.libraries.find((each) => subjectOf(each) === finding.subject)
      if (library) return judged(factsOf(library, [page.url], 1))
      if (!told.success || !running?.addresses.includes(told.data.script)) return null
      const asked = {
        url: told.data.script,
        name: '',
        isOwn: false,
        memory: { files: null, running: null },
        mayVisit: () => true,
        now: context.now,
      }
      const read = await readScript(probes, asked, context.signal)
      if (read === null) return { level: 'unknown', evidence: finding.evidence }
      const held = read.kind === 'gone' ? undefined : read.libraries.find((each) => subjectOf(each) === finding.subject)
      return held ? judged(factsOf({ ...held, script: told.data.script }, [page.url], 1)) : null
    })
  },
  replay: (evidence) => reweigh(Facts, evidence, weigh),
}

const subjectOf = ({ library, version }: Pick<HeldLibrary, 'library' | 'version'>): string => `${library}@${version}`

/** What files of script hold, whatever they are called. Of one that could not be read, nobody knows whether it still does. */
function inFiles({ files }: SiteObservation, { memory }: SiteContext) {
  const found = (files ?? []).flatMap(({ url, urls, pages, read }) => {
    const held = read === null ? (memory.files?.[url]?.libraries ?? []) : read.kind === 'gone' ? [] : read.libraries
    return held.map((library) => ({
      subject: subjectOf(library),
      seen:
        read === null
          ? ({ level: 'unknown', evidence: { script: url } } as const)
          : judged(factsOf({ ...library, script: url }, urls, pages)),
      urls,
    }))
  })
  const isBad = ({ seen }: (typeof found)[number]) => Number(seen.level === 'bad')
  return [...new Map(found.sort((a, b) => isBad(a) - isBad(b)).map((each) => [each.subject, each])).values()]
}

const factsOf = (
  { library, version, script, advisories }: HeldLibrary & { script: string },
  urls: readonly string[],
  pages: number,
): Facts => ({
  library,
  version,
  script,
  advisories: [...advisories],
  urls: [...urls],
  pages,
})

/** Whoever wants to use a weakness of a library needs a second one on the page: so none is critical. */
function weigh({ advisories }: Facts): Weighed {
  const worst = Severity.options.find((severity) => advisories.some((each) => each.severity === severity))
  if (worst === undefined) return ok
  return bad(worst === 'critical' ? 'high' : worst)
}

const judged = (facts: Facts): Seen =>
  seenAs(weigh(facts), facts, () => ({
    title: `${spec.title}: ${facts.library} ${facts.version}`,
    description: `${facts.urls[0] ?? ''} loads ${facts.script}, which is ${facts.library} ${facts.version}: ${facts.advisories.map(({ id }) => id).join(', ')}.`,
  }))
