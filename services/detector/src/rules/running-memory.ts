import { scriptInjected } from '@tocsin/contract/rules/script-injected'
import { scriptNewhost } from '@tocsin/contract/rules/script-newhost'
import { z } from 'zod'
import { isInjection, isMalicious } from '../judges/script-analysis.ts'
import type { SeenScript, SiteRunning } from './running-facts.ts'

/** What a site is known to run, from its first complete scan on. */
export const RunningMemory = z.object({
  /** Domains that scripts and frames come from, with when each was first seen. */
  hosts: z.record(z.string(), z.iso.datetime()),
  /** Of inline scripts with a signal: their hashes and shapes. Those without one are nobody's business, and far more. */
  hashes: z.array(z.string()),
  /** Domains that nobody has accepted yet, and the scans that saw them. */
  pending: z.record(z.string(), z.object({ since: z.iso.datetime(), scans: z.number().int() })),
  /** Domains of hidden links, and terms of spam: what was there on day one is how the site is. */
  hiddenLinks: z.array(z.string()),
  terms: z.array(z.string()),
})
export type RunningMemory = z.infer<typeof RunningMemory>

const hostsMax = 1_000
/** The newest are kept: scripts come and go with the releases of a site. */
const hashesMax = 3_000
const spamMax = 500

interface Remembering {
  readonly now: Date
  /** The scan saw all there is. */
  readonly isComplete: boolean
  /** Rule and subject of what somebody has accepted. */
  readonly accepted: ReadonlySet<string>
}

/** What is kept: all that is there on day one, and then what is harmless or accepted. */
export function rememberRunning(before: RunningMemory | null, seen: SiteRunning, context: Remembering): RunningMemory | null {
  const at = context.now.toISOString()
  if (before === null) return context.isComplete ? firstMemory(seen, at) : null
  const isAccepted = (rule: string, subject: string) => context.accepted.has(`${rule} ${subject}`)
  const hosts = { ...before.hosts }
  const pending: RunningMemory['pending'] = {}
  for (const host of seen.hosts.keys()) {
    if (hosts[host] !== undefined) continue
    const known = before.pending[host]
    if (isAccepted(scriptNewhost.id, host)) hosts[host] = known?.since ?? at
    else pending[host] = { since: known?.since ?? at, scans: (known?.scans ?? 0) + 1 }
  }
  // What an incomplete scan has not met may still be there.
  if (!context.isComplete) for (const host in before.pending) pending[host] ??= before.pending[host] ?? { since: at, scans: 1 }
  const isKnown = (host: string) => hosts[host] !== undefined
  const harmless = [...seen.scripts].filter(
    ([key, { facts }]) => isAccepted(scriptInjected.id, key) || !isInjection(facts, isKnown),
  )
  return {
    hosts: Object.fromEntries(Object.entries(hosts).slice(-hostsMax)),
    hashes: newest(
      before.hashes,
      harmless.flatMap(([, script]) => hashesOf(script)),
      hashesMax,
    ),
    pending: Object.fromEntries(Object.entries(pending).slice(-hostsMax)),
    hiddenLinks: before.hiddenLinks,
    terms: before.terms,
  }
}

function firstMemory(seen: SiteRunning, at: string): RunningMemory {
  // What no honest code does stays news, also if it was there before us.
  const harmless = [...seen.scripts.values()].filter(({ facts }) => !isMalicious(facts.signals))
  const spam = [...seen.spam.values()].flat()
  return {
    hosts: Object.fromEntries([...seen.hosts.keys()].slice(0, hostsMax).map((host) => [host, at])),
    hashes: newest([], harmless.flatMap(hashesOf), hashesMax),
    pending: {},
    hiddenLinks: newest(
      [],
      spam.flatMap((page) => page.hiddenLinks),
      spamMax,
    ),
    terms: newest(
      [],
      spam.flatMap((page) => page.terms),
      spamMax,
    ),
  }
}

const hashesOf = ({ facts: { hash, shape } }: SeenScript): string[] => [hash ?? [], shape ?? []].flat()

const newest = (before: readonly string[], added: readonly string[], max: number): string[] =>
  [...new Set([...before.filter((each) => !added.includes(each)), ...added])].slice(-max)
