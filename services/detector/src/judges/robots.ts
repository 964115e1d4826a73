import { compilePattern, escapePattern, type Pattern, pathOf } from './robots-pattern.ts'

export interface RobotsAnswer {
  readonly allowed: boolean
  /** The number (from 1) of the line that decided; null when none did. */
  readonly line: number | null
}

export interface RobotsRule {
  readonly line: number
  readonly allow: boolean
  /** Escaped as URLs are. An empty one matches everything and forbids nothing: it decides where no other rule does. */
  readonly pattern: string
}

export interface RobotsGroup {
  /** Product tokens in lower case; `*` is everybody else. */
  readonly agents: readonly string[]
  readonly rules: readonly RobotsRule[]
}

/** Of whom a delay is asked. It is no rule and ends no group, so that of a group's crawlers some may be asked and others not. */
export interface RobotsDelay {
  readonly agents: readonly string[]
  readonly seconds: number | null
}

export interface Robots {
  readonly groups: readonly RobotsGroup[]
  readonly delays: readonly RobotsDelay[]
  readonly sitemaps: readonly string[]
  /** As written, for evidence. */
  readonly lineText: (line: number) => string
}

export interface RobotsMatcher {
  /** Is this URL allowed? The URL is taken as it stands, escaped, as crawlers have it; only its escapes are put in upper case. */
  match(url: string): RobotsAnswer
  readonly crawlDelaySeconds: number | null
}

/** Crawlers read this much of a robots.txt and no more (RFC 9309 §2.5 demands at least that). */
export const robotsBytesMax = 500 * 1024
/** What Google's parser keeps of a line, in bytes. */
const lineBytesMax = 2083 * 8 - 1

/** May this crawler fetch this URL? For one question; for many, parse once and keep the matcher. */
export function matchRobots(robotsTxt: string, userAgent: string, url: string): RobotsAnswer {
  return robotsMatcher(parseRobots(robotsTxt), userAgent).match(url)
}

/**
 * RFC 9309 as Google's open-source parser reads it: missing colons, misspelt keys and odd line ends are accepted, lines that say
 * nothing are skipped and do not end a group, and rules before the first user-agent line count for nobody.
 */
export function parseRobots(text: string): Robots {
  const lines = withinLimit(text)
    .replace(leadingMark, '')
    .split(/\r\n|\r|\n/)
  const groups: { agents: string[]; rules: RobotsRule[] }[] = []
  const delays: { agents: string[]; seconds: number | null }[] = []
  const sitemaps: string[] = []
  let group: (typeof groups)[number] | null = null
  let delay: (typeof delays)[number] | null = null
  for (const [index, raw] of lines.entries()) {
    const { key, value } = readLine(keptOf(raw))
    if (key === 'user-agent') {
      const isNext: boolean = !group || group.rules.length > 0
      if (!group || isNext) {
        group = { agents: [], rules: [] }
        groups.push(group)
      }
      if (!delay || isNext || delay.seconds !== null) {
        delay = { agents: [], seconds: null }
        delays.push(delay)
      }
      const token = tokenOfRule(value)
      group.agents.push(token)
      delay.agents.push(token)
    } else if (key === 'sitemap') sitemaps.push(value)
    else if (!group || !delay) continue
    else if (key === 'crawl-delay') delay.seconds = crawlDelayOf(value) ?? delay.seconds
    else if (key !== null) group.rules.push({ line: index + 1, allow: key === 'allow', pattern: escapePattern(value) })
  }
  return { groups, delays, sitemaps, lineText: (line) => lines[line - 1]?.trim() ?? '' }
}

/** The groups that name the crawler, merged; if none does, those of `*`. */
export function robotsMatcher(robots: Robots, userAgent: string): RobotsMatcher {
  const token = tokenOfCrawler(userAgent)
  const name = robots.groups.some(({ agents }) => agents.includes(token)) ? token : '*'
  const groups = robots.groups.filter(({ agents }) => agents.includes(name))
  const delay = robots.delays.find(({ agents, seconds }) => seconds !== null && agents.includes(name))
  return { match: matcherOfRules(groups.flatMap((group) => group.rules)), crawlDelaySeconds: delay?.seconds ?? null }
}

/** The longest pattern that matches decides; of two equally long ones, the one that allows. */
export function matcherOfRules(rules: readonly RobotsRule[]): RobotsMatcher['match'] {
  const candidates = rules
    .flatMap(candidatesOf)
    .sort((a, b) => b.length - a.length || Number(b.allow) - Number(a.allow) || a.line - b.line)
  return (url) => {
    const path = pathOf(url)
    // A file that says who may read it may itself always be read.
    if (path === '/robots.txt') return { allowed: true, line: null }
    const deciding = candidates.find((candidate) => candidate.matches(path))
    return deciding ? { allowed: deciding.allow || deciding.length === 0, line: deciding.line } : { allowed: true, line: null }
  }
}

interface Candidate {
  readonly line: number
  readonly allow: boolean
  readonly length: number
  readonly matches: Pattern
}

function candidatesOf({ line, allow, pattern }: RobotsRule): Candidate[] {
  const candidate = { line, allow, length: pattern.length, matches: compilePattern(pattern) }
  const slash = pattern.lastIndexOf('/')
  // Google takes an allowed /dir/index.html for /dir/ as well.
  if (!allow || slash < 0 || !pattern.startsWith('/index.htm', slash)) return [candidate]
  const directory = `${pattern.slice(0, slash + 1)}$`
  return [candidate, { line, allow, length: directory.length, matches: compilePattern(directory) }]
}

/** A byte order mark, or the one unreadable character that is left of one whose end is missing. */
const leadingMark = /^(?:\uFEFF|\uFFFD(?!\uFFFD))/

/** Up to the first NUL, as in the language of the parsers, and no longer than they keep. */
function keptOf(raw: string): string {
  const end = raw.indexOf('\0')
  const line = end < 0 ? raw : raw.slice(0, end)
  return line.length * 3 <= lineBytesMax ? line : Buffer.from(line).subarray(0, lineBytesMax).toString()
}

type Key = 'user-agent' | 'allow' | 'disallow' | 'sitemap' | 'crawl-delay'

/** A key counts when it begins with one of these, as it does for Google: "Disallow!" is a disallow. */
const keys: readonly (readonly [RegExp, Key])[] = [
  [/^user[- ]?agent/i, 'user-agent'],
  [/^allow/i, 'allow'],
  [/^(disallow|dissallow|dissalow|disalow|diasllow|disallaw)/i, 'disallow'],
  [/^site-?map/i, 'sitemap'],
  [/^crawl-?delay$/i, 'crawl-delay'],
]

function readLine(raw: string): { key: Key | null; value: string } {
  const comment = raw.indexOf('#')
  const line = trimAscii(comment < 0 ? raw : raw.slice(0, comment))
  const nothing = { key: null, value: '' }
  let separator = line.indexOf(':')
  if (separator < 0) {
    // "Disallow /x" is understood, but only if nothing follows.
    separator = line.search(/[ \t]/)
    if (separator < 0 || /[ \t]/.test(trimAscii(line.slice(separator)))) return nothing
  }
  const name = trimAscii(line.slice(0, separator))
  const key = keys.find(([pattern]) => pattern.test(name))?.[1] ?? null
  return key === null ? nothing : { key, value: trimAscii(line.slice(separator + 1)) }
}

/**
 * Not trim(): that also takes a byte order mark or a no-break space, which make a line unreadable for crawlers. Not a pattern: looking
 * for white space at the end, it would look through every run of it as often as the run is long.
 */
function trimAscii(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text[start])) start += 1
  while (end > start && isBlank(text[end - 1])) end -= 1
  return text.slice(start, end)
}

const isBlank = (character: string | undefined): boolean =>
  character === ' ' || character === '\t' || character === '\v' || character === '\f'

/** `*`, also with words behind it, is everybody; a token ends at the first character that cannot be part of one. */
function tokenOfRule(value: string): string {
  if (/^\*(?:[ \t\v\f]|$)/.test(value)) return '*'
  return (/^[a-z_-]*/i.exec(value)?.[0] ?? '').toLowerCase()
}

/**
 * The token of a full user agent: "TocsinBot/1.0 (…)" → tocsinbot, and of one that passes for a browser the name behind "compatible";
 * anything else is taken whole.
 */
function tokenOfCrawler(userAgent: string): string {
  const disguised = /^mozilla\/[^;]*;\s*([a-z_-]+)\//i.exec(userAgent)
  return ((disguised ?? /^([a-z_-]+)\//i.exec(userAgent))?.[1] ?? userAgent).toLowerCase()
}

function crawlDelayOf(value: string): number | null {
  const seconds = Number.parseFloat(value)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null
}

function withinLimit(text: string): string {
  // No character is longer than three bytes per UTF-16 unit, so short texts need no counting.
  if (text.length * 3 <= robotsBytesMax || Buffer.byteLength(text) <= robotsBytesMax) return text
  return Buffer.from(text).subarray(0, robotsBytesMax).toString()
}
