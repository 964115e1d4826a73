/** An instruction to search engines, in a meta tag or an X-Robots-Tag header. */
export interface RobotsDirective {
  readonly source: 'meta' | 'header'
  /** Lower case; `robots` addresses everybody. */
  readonly agent: string
  readonly value: string
}

export interface NoindexReason extends RobotsDirective {
  readonly because: 'noindex' | 'none' | 'unavailable_after'
}

/** The directives that keep this crawler from indexing. Any one is enough: the most restrictive wins. */
export function noindexReasons(directives: readonly RobotsDirective[], crawler: string, now: Date): NoindexReason[] {
  const token = crawler.toLowerCase()
  return directives
    .filter(({ agent }) => agent === 'robots' || agent === token)
    .flatMap((directive) => {
      const because = becauseOf(directive.value, now)
      return because ? [{ ...directive, because }] : []
    })
}

/** Rules with a value of their own: `max-image-preview: none` says nothing about the index. */
const previews = /max-(?:snippet|(?:image|video)-preview)\s*:\s*[^\s,;]*/gi

function becauseOf(value: string, now: Date): NoindexReason['because'] | null {
  const date = /unavailable_after\s*:\s*(.*)$/is.exec(value)
  const words = (date ? value.slice(0, date.index) : value)
    .replace(previews, ' ')
    .toLowerCase()
    .split(/[\s,;]+/)
  if (words.includes('noindex')) return 'noindex'
  if (words.includes('none')) return 'none'
  if (!date) return null
  const { until, rest } = readDate(date[1] ?? '')
  if (until !== null && until <= now.getTime()) return 'unavailable_after'
  return rest === '' ? null : becauseOf(rest, now)
}

/** A comma may be part of the date or begin the next directive. */
function readDate(text: string): { until: number | null; rest: string } {
  const parts = text.split(',')
  for (let count = Math.min(parts.length, datePartsMax); count > 0; count -= 1) {
    const until = instantOf(parts.slice(0, count).join(',').trim())
    if (until !== null) return { until, rest: parts.slice(count).join(',') }
  }
  return { until: null, rest: parts.slice(1).join(',') }
}

/** `Friday, June 25, 2010, 3 PM` has the most commas that anybody writes into a date. */
const datePartsMax = 4
/** V8 makes a date of `1 week` too: no year, no date. */
const withYear = /(?:^|\D)\d{4}(?:\D|$)|\d[\s-]+[a-z]{3,9}[\s-]+\d{2}(?:\D|$)/i
const basicIso = /^(\d{4})(\d\d)(\d\d)(?:t(\d\d)(\d\d)(\d\d)?)?(?=z?$|[+-])/i
const zone = /\d\s*(?:z|[+-]\d\d:?\d\d)$|\s\(?(?![ap]m$)(?:[a-z]{2,5}|[a-z]+\/\w+)\)?$/i

/** RFC 822, RFC 850 or ISO 8601. Without a zone it is UTC, as is one that V8 does not know: at most half a day off. */
function instantOf(written: string): number | null {
  const text = written.replace(basicIso, (_all, year, month, day, hour, minute, second = '00') =>
    hour === undefined ? `${year}-${month}-${day}` : `${year}-${month}-${day}T${hour}:${minute}:${second}`,
  )
  if (!withYear.test(text)) return null
  const candidates = zone.test(text) ? [text, text.replace(/\s\S+$/, ' UTC')] : [`${text}Z`, `${text} UTC`, text]
  return candidates.map((each) => Date.parse(each)).find((each) => !Number.isNaN(each)) ?? null
}

const valuedDirectives = new Set(['unavailable_after', 'max-snippet', 'max-image-preview', 'max-video-preview'])

/** An X-Robots-Tag may be sent several times, and each may name the crawler it is for: `googlebot: noindex, nofollow`. */
export function readRobotsHeader(header: string | readonly string[] | undefined): RobotsDirective[] {
  const lines = header === undefined ? [] : typeof header === 'string' ? [header] : header
  // What was recorded by a browser has all lines of a header in one text.
  return lines.flatMap((line) => line.split('\n').flatMap(readRobotsLine)).slice(0, 50)
}

function readRobotsLine(line: string): RobotsDirective[] {
  const directives: { source: 'header'; agent: string; value: string }[] = []
  let agent = 'robots'
  for (const part of line.slice(0, 2_000).split(',')) {
    const named = /^\s*([a-z*][\w.*/-]*)\s*:(.*)$/is.exec(part)
    const name = named?.[1]?.toLowerCase()
    const isScope = name !== undefined && !valuedDirectives.has(name)
    if (isScope) agent = name === 'robots' || name === '*' ? 'robots' : name
    const value = (isScope ? (named?.[2] ?? '') : part).trim()
    const last = directives.at(-1)
    // What two proxies joined with a comma may be for two crawlers; what follows without a new name is for the same one.
    if (last && last.agent === agent && !isScope) last.value += `, ${value}`
    else directives.push({ source: 'header', agent, value })
  }
  return directives.filter(({ value }) => value !== '')
}
