import { scriptInjected as spec } from '@tocsin/contract/rules/script-injected'
import { z } from 'zod'
import { fileName, isTampered } from '../judges/script-file.ts'
import type { Probes } from '../probes/probes.ts'
import { readScript } from '../read-scripts.ts'
import { answer, type Seen, seenAs, shortName } from './answer.ts'
import { FileSignal } from './file-memory.ts'
import { contentOf } from './page-answer.ts'
import { lookAtSome } from './running-answer.ts'
import type { FileReading, SeenFile } from './running-facts.ts'
import type { Finding, LookContext, SiteObservation, Verdict } from './verdict.ts'
import { bad, ok, type Weighed } from './weigh.ts'

/** A file of the site's own that does what none of its earlier versions did. */
export const TamperedFile = z.object({
  file: z.string(),
  name: z.string(),
  /** Null: nothing is known of an earlier version. */
  change: z.enum(['insertion', 'rewrite', 'none']).nullable(),
  signals: z.array(FileSignal),
  unknownHosts: z.array(z.string()),
  isSensitive: z.boolean(),
  urls: z.array(z.string()),
  pages: z.number().int(),
})
type TamperedFile = z.infer<typeof TamperedFile>

/** Bad verdicts, and an answer for each file in `waiting`, which it takes out. */
export function judgeFiles({ files }: SiteObservation, waiting: Set<string>): Verdict[] {
  return (files ?? []).flatMap((file) => {
    if (!file.isOwn) return []
    const seen = file.read && judged(factsOf(file, file.read))
    if (seen?.level !== 'bad' && !waiting.has(file.name)) return []
    waiting.delete(file.name)
    return [answer(spec, file.name, seen ?? { level: 'unknown', evidence: { file: file.url } }, lookAtSome(file.urls))]
  })
}

export function weighFile(facts: TamperedFile): Weighed {
  if (!isTampered(facts)) return ok
  const steals = facts.signals.some(({ family }) => family === 'miner' || family === 'card_theft')
  return bad(steals || facts.isSensitive ? 'critical' : 'high')
}

const factsOf = ({ url, name, urls, pages, isSensitive }: Omit<SeenFile, 'read' | 'isOwn'>, read: FileReading): TamperedFile => ({
  file: url,
  name,
  ...newsOf(read),
  isSensitive,
  urls: [...urls],
  pages,
})

function newsOf(read: FileReading): Pick<TamperedFile, 'change' | 'signals' | 'unknownHosts'> {
  if (read.kind !== 'read') return { change: 'none', signals: [], unknownHosts: [] }
  const { change, signals, unknownHosts } = read.news
  return { change, signals: [...signals], unknownHosts: [...unknownHosts] }
}

const judged = (facts: TamperedFile): Seen =>
  seenAs(weighFile(facts), facts, () => {
    const { file, urls, pages, change, signals, unknownHosts } = facts
    const where = `${urls[0] ?? ''}${pages > 1 ? ` and ${pages - 1} more pages load` : ' loads'}`
    const what = [...signals.map(({ detail }) => detail), ...unknownHosts.map((host) => `loads from ${host}`)].join('; ')
    return {
      title: `${spec.title}: ${shortName(file)}`,
      description: `${file}, which ${where}, ${change === null ? 'is new' : 'was changed'}. Seen in it: ${what}.`,
    }
  })

/** Reads the file again, as the pages load it now. */
export async function lookAtFile(told: TamperedFile, finding: Finding, probes: Probes, context: LookContext): Promise<Verdict> {
  const { memory, now, signal } = context
  let read = 0
  for (const pageUrl of finding.look.urls) {
    const found = await filesOn(pageUrl, probes, signal)
    const files = found?.filter((url) => fileName(url) === told.name) ?? []
    let isRead = found !== null
    for (const url of files) {
      const asked = { url, name: told.name, isOwn: true, memory, mayVisit: () => true, now }
      const reading = await readScript(probes, asked, signal)
      if (reading === null) isRead = false
      const seen = reading && judged(factsOf({ ...told, url, urls: [pageUrl], pages: 1 }, reading))
      if (seen?.level === 'bad') return answer(spec, finding.subject, seen, finding.look)
    }
    if (isRead) read += 1
  }
  const level = read > 0 && read === finding.look.urls.length ? 'ok' : 'unknown'
  return answer(spec, finding.subject, { level, evidence: { file: told.file } }, finding.look)
}

/** The files of script that a page loads now; null: nobody knows. */
export async function filesOn(url: string, probes: Probes, signal: AbortSignal): Promise<readonly string[] | null> {
  const page = await probes.page(url, signal)
  const content = contentOf(page)
  if (content === 'gone') return []
  return content === 'content' && page.running && !page.truncated ? page.running.addresses : null
}
