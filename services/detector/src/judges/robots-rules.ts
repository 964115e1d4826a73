import { matcherOfRules, type Robots, type RobotsGroup, type RobotsMatcher } from './robots.ts'

/** robots.txt reduced to its meaning: product token → sorted lines `allow /x` and `disallow /y`. Comments, order and spelling are gone. */
export type NormalisedRules = Readonly<Record<string, readonly string[]>>

/** Of all agents together. Agents share rules, so a file of 500 KiB can mean a hundred million lines. */
const linesMax = 50_000
/** Whose rules decide what we report: these are kept whatever else there is. */
const foremost: ReadonlySet<string> = new Set(['*', 'googlebot'])

export function normaliseRules(robots: Robots): NormalisedRules {
  const byAgent = new Map<string, Set<string>>()
  let kept = 0
  const keep = (agent: string, lines: ReadonlySet<string>) => {
    const known = byAgent.get(agent) ?? new Set()
    byAgent.set(agent, known)
    for (const line of lines) {
      if (kept >= linesMax) return
      if (!known.has(line)) kept += 1
      known.add(line)
    }
  }
  const named = robots.groups.flatMap((group) => {
    const lines = linesOfGroup(group)
    return [...new Set(group.agents)].map((agent) => ({ agent, lines }))
  })
  for (const { agent, lines } of named) if (foremost.has(agent)) keep(agent, lines)
  for (const { agent, lines } of named) if (agent !== '' && !foremost.has(agent) && kept < linesMax) keep(agent, lines)
  const everybody = [...(byAgent.get('*') ?? [])].sort().join('\n')
  const entries = [...byAgent]
    .map(([agent, lines]) => [agent, [...lines].sort()] as const)
    // A group that says what holds anyway says nothing.
    .filter(([agent, lines]) => (agent === '*' ? lines.length > 0 : lines.join('\n') !== everybody))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries)
}

const linesOfGroup = ({ rules }: RobotsGroup): ReadonlySet<string> =>
  new Set(rules.flatMap(({ allow, pattern }) => (pattern === '' ? [] : [`${allow ? 'allow' : 'disallow'} ${pattern}`])))

export interface RulesDiff {
  /** `token: disallow /x` */
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

export function diffRules(before: NormalisedRules, now: NormalisedRules): RulesDiff {
  const was = new Set(linesOf(before))
  const is = new Set(linesOf(now))
  return { added: [...is].filter((line) => !was.has(line)), removed: [...was].filter((line) => !is.has(line)) }
}

/** A group without rules allows everything to its crawler, which is a line too. */
const linesOf = (rules: NormalisedRules): string[] =>
  Object.entries(rules).flatMap(([agent, lines]) =>
    lines.length === 0 ? [`${agent}: no rules`] : lines.map((line) => `${agent}: ${line}`),
  )

/** What the rules said to a crawler, by its token in lower case. Line numbers are not kept. */
export function matcherOfNormalised(rules: NormalisedRules, token: string): RobotsMatcher['match'] {
  const lines = rules[token] ?? rules['*'] ?? []
  return matcherOfRules(
    lines.map((line) => ({ line: 0, allow: line.startsWith('allow '), pattern: line.slice(line.indexOf(' ') + 1) })),
  )
}
