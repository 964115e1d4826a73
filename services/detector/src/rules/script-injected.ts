import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { scriptInjected as spec } from '@tocsin/contract/rules/script-injected'
import { z } from 'zod'
import type { PageRunning } from '../judges/page-running.ts'
import { isMalicious, newFamilies, type ScriptFacts } from '../judges/script-analysis.ts'
import { isService } from '../judges/script-hosts.ts'
import { signalFamilies, signalStrengths } from '../judges/script-signal.ts'
import { answer, type Seen, seenAs, shortName, watchedSubjects } from './answer.ts'
import { contentOf } from './page-answer.ts'
import type { SeenScript } from './running-facts.ts'
import type { RunningMemory } from './running-memory.ts'
import { judgeFiles, lookAtFile, TamperedFile, weighFile } from './script-files.ts'
import type { SiteRule } from './verdict.ts'
import { bad, ok, reweigh, type Weighed } from './weigh.ts'

type Config = RuleConfigs['script.injected']

const Facts = z.object({
  key: z.string(),
  kind: z.enum(['inline', 'external', 'frame', 'handler']),
  hash: z.string().nullable(),
  shape: z.string().nullable(),
  host: z.string().nullable(),
  reaches: z.array(z.string()),
  signals: z.array(z.object({ family: z.enum(signalFamilies), strength: z.enum(signalStrengths), detail: z.string() })),
  /** Of its domains those that the site did not use and that are no service everybody uses. */
  unknownHosts: z.array(z.string()),
  /** False on day one: then only what no honest code does counts. */
  hasBaseline: z.boolean(),
  isSensitive: z.boolean(),
  urls: z.array(z.string()),
  pages: z.number().int(),
})
type Facts = z.infer<typeof Facts>

const urlsAgain = 2

export const scriptInjected: SiteRule<'script.injected'> = {
  spec,
  scope: 'site',
  judge(observed, context) {
    const { survey, summary } = observed
    const memory = context.memory.running
    const config = context.config[spec.id]
    const waiting = new Set(watchedSubjects(spec, context))
    const verdicts = [...survey.running.scripts].flatMap(([key, script]) => {
      const isWaitedFor = waiting.delete(key)
      if (!isNews(script.facts, memory))
        return isWaitedFor ? [answer(spec, key, { level: 'ok', evidence: { key } }, lookAt(script.urls))] : []
      const seen = judged(factsOf(script, memory), config)
      return seen.level === 'bad' || isWaitedFor ? [answer(spec, key, seen, lookAt(script.urls))] : []
    })
    const onFiles = judgeFiles(observed, waiting)
    const level = summary.complete && summary.stopped === 'done' ? 'ok' : 'unknown'
    const gone = [...waiting].map((key) => answer(spec, key, { level, evidence: { key } }, lookAt([context.siteUrl])))
    return [...verdicts, ...onFiles, ...gone]
  },
  async lookAgain(finding, probes, context) {
    const file = TamperedFile.safeParse(finding.evidence)
    if (file.success) return lookAtFile(file.data, finding, probes, context)
    const told = Facts.safeParse(finding.evidence)
    const { memory } = context
    let measured = 0
    for (const url of finding.look.urls) {
      const page = await probes.page(url, context.signal)
      const content = contentOf(page)
      if (content === 'gone' || (content === 'content' && page.running !== null && !page.truncated)) measured += 1
      const script = page.running && told.success ? sameScript(page.running, told.data) : undefined
      if (!script || !page.running || !isNews(script, memory.running)) continue
      const { isSensitive } = page.running
      const seen = judged(
        {
          ...factsOf({ facts: script, urls: [url], pages: 1, isSensitive }, memory.running),
          isSensitive: isSensitive || (told.success && told.data.isSensitive),
        },
        context.config[spec.id],
      )
      if (seen.level === 'bad') return answer(spec, finding.subject, seen, finding.look)
    }
    const level = measured === finding.look.urls.length && measured > 0 ? 'ok' : 'unknown'
    return answer(spec, finding.subject, { level, evidence: { urls: finding.look.urls } }, finding.look)
  },
  replay: (evidence, { config }) =>
    TamperedFile.safeParse(evidence).success
      ? reweigh(TamperedFile, evidence, weighFile)
      : reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id])),
}

const lookAt = (urls: readonly string[]) => ({ kind: 'page' as const, urls: urls.slice(0, urlsAgain) })

/** Not there when the baseline was taken. On day one everything is, and is judged by itself. */
function isNews({ hash, shape, host }: ScriptFacts, memory: RunningMemory | null): boolean {
  if (memory === null) return true
  if (hash !== null) return !memory.hashes.includes(hash) && (shape === null || !memory.hashes.includes(shape))
  return host !== null && memory.hosts[host] === undefined
}

function factsOf({ facts, urls, pages, isSensitive }: SeenScript, memory: RunningMemory | null): Facts {
  const { key, kind, hash, shape, host, reaches, signals } = facts
  const hosts = host === null ? reaches : [host]
  return {
    ...{ key, kind, hash, shape, host, reaches: [...reaches], signals: [...signals] },
    unknownHosts: hosts.filter((each) => !isService(each) && memory?.hosts[each] === undefined),
    hasBaseline: memory !== null,
    isSensitive,
    urls: [...urls],
    pages,
  }
}

function weigh(facts: Facts, { weakMin }: Config): Weighed {
  const isKnown = (host: string) => !facts.unknownHosts.includes(host)
  const isStrong = facts.signals.some(({ strength }) => strength !== 'weak')
  const isBad = facts.hasBaseline ? isStrong || newFamilies(facts, isKnown).size >= weakMin : isMalicious(facts.signals)
  if (!isBad) return ok
  const steals = facts.signals.some(({ family }) => family === 'miner' || family === 'card_theft')
  return bad(steals || facts.isSensitive ? 'critical' : 'high')
}

function judged(facts: Facts, config: Config): Seen {
  return seenAs(weigh(facts, config), facts, () => {
    const where = facts.urls[0] ?? ''
    const from = facts.host === null ? 'inline script' : `${facts.kind === 'frame' ? 'frame' : 'script'} from ${facts.host}`
    const what = facts.signals.map(({ detail }) => detail).join('; ')
    const loads = facts.unknownHosts.length > 0 ? ` It loads from ${facts.unknownHosts.join(', ')}.` : ''
    return {
      title: `${facts.hasBaseline ? spec.title : 'Suspicious script'}: ${shortName(where)}`,
      description: `${where}${facts.pages > 1 ? ` and ${facts.pages - 1} more pages` : ''}: ${facts.hasBaseline ? 'a new ' : 'an '}${from}. Seen in it: ${what}.${loads}`,
    }
  })
}

/** The script again: by its name, or, where it changes with every visit, by what it does that is not honest. */
function sameScript({ noted }: PageRunning, told: Facts): ScriptFacts | undefined {
  const strong = (facts: Pick<ScriptFacts, 'signals'>) =>
    facts.signals.flatMap(({ family, strength }) => (strength === 'weak' ? [] : family)).join()
  return (
    noted.find(({ key, hash }) => key === told.key || (hash !== null && hash === told.hash)) ??
    noted.find((each) => each.host === null && told.host === null && strong(each) !== '' && strong(each) === strong(told))
  )
}
