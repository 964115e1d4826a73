import { createContext, Script } from 'node:vm'
import type { Log } from '@tocsin/process/log'

/** A pattern of retire.js' data, compiled; its first group is the version, or what `replace` makes of the match. */
export interface RetirePattern {
  readonly library: string
  readonly source: string
  readonly regex: RegExp
  readonly replace: string | null
  /** What stands in every text that it matches. Null: nothing that could be looked for. */
  readonly literal: string | null
  /** How far the two ends of a match may be apart, as far as that is known. */
  readonly reach: number
}

/** Those of retire.js have a few hundred characters at most. */
const sourceLengthMax = 1_000
const placeholder = '§§version§§'
const versionText = '[0-9][0-9.a-z_\\-]+'

/** Null: not to be used. Each is compiled once. */
export function compilePattern(library: string, source: string, isReplacement: boolean): RetirePattern | null {
  if (source.length > sourceLengthMax) return null
  const [, pattern, replace] = isReplacement ? (/^\/(.*[^\\])\/([^/]+)\/$/s.exec(source) ?? []) : [null, source, null]
  if (pattern === undefined || replace === undefined || pattern === null) return null
  try {
    const regex = new RegExp(pattern.replaceAll(placeholder, versionText))
    return { library, source, regex, replace, literal: literalOf(regex.source), reach: reachOf(regex.source) }
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const literalLengthMin = 3

/** The longest text outside groups, classes and repetitions. With alternatives at the top there is none that all matches hold. */
function literalOf(pattern: string): string | null {
  const runs: string[] = []
  let run = ''
  const cut = () => {
    runs.push(run)
    run = ''
  }
  let depth = 0
  for (const [token] of pattern.matchAll(/\[(?:\\.|[^\]\\])*\]|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\.|\{[^}]*\}|./gis)) {
    if (token === '|' && depth === 0) return null
    if (token === '(') depth += 1
    if (token === ')') depth -= 1
    if (/^(?:[*?]|\{.*\})$/s.test(token)) run = run.slice(0, -1)
    const plain = /^\\[^\w]$/.test(token) ? (token[1] ?? '') : /^[^\\[\](){}*+?.^$|]$/.test(token) ? token : null
    if (depth > 0 || plain === null) cut()
    else run += plain
  }
  cut()
  const longest = runs.reduce((best, each) => (each.length > best.length ? each : best), '')
  return longest.length >= literalLengthMin ? longest : null
}

const reachMin = 512
const reachMax = 10_000
/** A repetition without an end: as much as real files have between what it stands between. */
const endless = 1_500

/** The gaps that a pattern allows: `.{50,300}` is 300, `[\s\S]*` is without an end. */
function reachOf(pattern: string): number {
  const gaps = [...pattern.matchAll(/(?:\.|\[\\s\\S\]|\[\^[^\]]*\]|\))(?:[*+]|\{\d*,?(\d*)\})/g)].map(([, end]) =>
    Number(end || endless),
  )
  return Math.min(
    reachMax,
    gaps.reduce((sum, gap) => sum + gap, reachMin),
  )
}

/** What a pattern costs on hostile text may grow with the square of a window, never with that of the text. */
const windowsMax = 16

/** Parts of a text in which a pattern may match: around what it must hold, else the beginning. */
function* windowsOf(text: string, { literal, reach }: RetirePattern): Generator<string> {
  if (text.length <= 2 * reach) {
    if (literal === null || text.includes(literal)) yield text
    return
  }
  let from = 0
  for (let n = 0; n < windowsMax; n += 1) {
    const at = literal === null ? from : text.indexOf(literal, from)
    if (at < 0 || at >= text.length) return
    yield text.slice(Math.max(0, at - reach), at + reach)
    from = at + reach
  }
}

/** No honest text takes a hundredth of it. A pattern that does is slow on purpose or by mistake, and is not used again. */
const matchMsMax = 2_000

/** Tries patterns on texts that may be anybody's. The clock of `vm` ends a pattern that would take for ever. */
export function createMatcher(patterns: readonly RetirePattern[], log: Pick<Log, 'warn'>) {
  const usable = new Set(patterns)
  const running: { pattern: RetirePattern | null; run: () => void } = { pattern: null, run() {} }
  const script = new Script('running.run()')
  const context = createContext({ running })
  return (text: string): { library: string; version: string }[] => {
    const found: { library: string; version: string }[] = []
    const left = new Set(usable)
    running.run = () => {
      for (const pattern of left) {
        running.pattern = pattern
        left.delete(pattern)
        const version = versionIn(pattern, text)
        if (version !== null) found.push({ library: pattern.library, version })
      }
    }
    while (left.size > 0)
      try {
        script.runInContext(context, { timeout: matchMsMax })
      } catch (error) {
        const { pattern } = running
        if (!isTimeout(error) || pattern === null) throw error
        usable.delete(pattern)
        log.warn(
          { library: pattern.library, pattern: pattern.source },
          'A pattern of RETIRE_JS_FILE is too slow and is not used again.',
        )
      }
    return found
  }
}

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

function versionIn(pattern: RetirePattern, text: string): string | null {
  const { regex, replace } = pattern
  for (const part of windowsOf(text, pattern)) {
    const match = regex.exec(part)
    if (match) return replace === null ? (match[1] ?? null) : match[0].replace(regex, replace)
  }
  return null
}
