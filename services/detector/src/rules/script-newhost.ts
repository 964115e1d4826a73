import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { scriptNewhost as spec } from '@tocsin/contract/rules/script-newhost'
import { z } from 'zod'
import { type Seen, seenAs } from './answer.ts'
import { answerOnSeen, lookForSeen } from './running-answer.ts'
import type { SiteRule } from './verdict.ts'
import { bad, ok, reweigh, type Weighed } from './weigh.ts'

type Config = RuleConfigs['script.newhost']

const Facts = z.object({
  host: z.string(),
  /** This one included. */
  scans: z.number().int(),
  pages: z.number().int(),
  templates: z.number().int(),
  templatesSeen: z.number().int(),
  urls: z.array(z.string()),
})
type Facts = z.infer<typeof Facts>

/** A site of one template has it everywhere, and that says nothing. */
const templatesMin = 2

export const scriptNewhost: SiteRule<'script.newhost'> = {
  spec,
  scope: 'site',
  judge(seen, context) {
    const memory = context.memory.running
    if (memory === null) return []
    const { hosts, templates } = seen.survey.running
    const fresh = [...hosts].flatMap(([host, { urls, pages, templates: own }]) => {
      if (memory.hosts[host] !== undefined) return []
      const scans = (memory.pending[host]?.scans ?? 0) + 1
      const facts = { host, scans, pages, templates: own, templatesSeen: templates, urls: [...urls] }
      return [{ subject: host, seen: judged(facts, context.config[spec.id]), urls }]
    })
    return answerOnSeen(spec, fresh, seen, context)
  },
  lookAgain: (finding, probes, context) =>
    lookForSeen(spec, finding, probes, context, (page) => {
      const told = Facts.safeParse(finding.evidence)
      const isThere = page.running?.hosts.includes(finding.subject) === true
      if (!told.success || context.memory.running?.hosts[finding.subject] !== undefined) return null
      return isThere ? judged({ ...told.data, urls: [page.url] }, context.config[spec.id]) : null
    }),
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id])),
}

function weigh({ scans, templates, templatesSeen }: Facts, { scansMin }: Config): Weighed {
  if (scans < scansMin) return ok
  return bad(templatesSeen >= templatesMin && templates >= templatesSeen ? 'medium' : 'low')
}

const judged = (facts: Facts, config: Config): Seen =>
  seenAs(weigh(facts, config), facts, () => ({
    title: `${spec.title}: ${facts.host}`,
    description: `Scripts or frames from ${facts.host} are on ${facts.pages === 1 ? 'one page' : `${facts.pages} pages`} now, for example ${facts.urls[0] ?? ''}.`,
  }))
