import { matcherOfRules, type Robots, type RobotsMatcher } from './robots.ts'

/** robots.txt reduced to its meaning: product token → sorted lines `allow /x` and `disallow /y`. Comments, order and spelling are gone. */
export type NormalisedRules = Readonly<Record<string, readonly string[]>>

export function normaliseRules(robots: Robots): NormalisedRules {
  const byAgent = new Map<string, Set<string>>()
  for (const group of robots.groups)
    for (const agent of group.agents.filter((each) => each !== '')) {
      const lines = byAgent.get(agent) ?? new Set()
      byAgent.set(agent, lines)
      for (const rule of group.rules) if (rule.pattern !== '') lines.add(`${rule.allow ? 'allow' : 'disallow'} ${rule.pattern}`)
    }
  const everybody = [...(byAgent.get('*') ?? [])].sort().join('\n')
  const entries = [...byAgent]
    .map(([agent, lines]) => [agent, [...lines].sort()] as const)
    // A group that says what holds anyway says nothing.
    .filter(([agent, lines]) => (agent === '*' ? lines.length > 0 : lines.join('\n') !== everybody))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries)
}

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
