import { createHash } from 'node:crypto'
import { withoutVolatile } from './volatile.ts'

const hashLength = 24

/** The same for every delivery of a script: what differs by visitor, time and build does not count. */
export const scriptHash = (source: string): string =>
  createHash('sha256').update(stableScript(source)).digest('hex').slice(0, hashLength)

/** What names a one-time value, in JavaScript, JSON and query strings. */
const named =
  /((?<![\w$.-])[\w$.-]{0,40}(?:nonce|token|csrf|xsrf|secret|session|time|stamp|date|build|version|hash|uuid|guid|rand|cache|trace|span|request|signature|visitor|user|cart|ray|sid|_id|cb)[\w$-]{0,20}["']?\s{0,4}[:=]\s{0,4})(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|[\d.]{1,30})/gi
const parameters = /([?&;](?:amp;)?[\w-]{1,24}=)[\w%.+~-]{1,120}/g
/** Letters and digits mixed as no name is: of the kind of a1b2c3, or of build files such as main.3f9ab2c1.js. */
const mixed = /[A-Za-z0-9_-]{7,120}/g
const isMixed = (word: string): boolean => (word.match(/\d/g)?.length ?? 0) >= 2 && /[A-Za-z]/.test(word) && changes(word) >= 3
/** How often letters give way to digits and back: md5, base64 and ids of all kinds do it often, names once at most. */
const changes = (word: string): number => word.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0
const longNumber = /\b\d{5,}(?:\.\d+)?\b/g

/** The script without anything that a second visit may answer differently. */
function stableScript(source: string): string {
  return withoutVolatile(source)
    .replace(named, '$1~')
    .replace(parameters, '$1~')
    .replace(mixed, (word) => (isMixed(word) ? '~' : word))
    .replace(longNumber, '~')
    .replace(/~+/g, '~')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Two literals are the same here, and two numbers: what is left is how the script works. */
const literals = /"(?:[^"\\\n]|\\[\s\S]){0,20000}"|'(?:[^'\\\n]|\\[\s\S]){0,20000}'/g
/** Less says too little: many scripts are one call. */
const shapeLengthMin = 100

/**
 * Of scripts that a page's template fills with what the page is about, all have one shape: so a new page brings no new script. Null: too
 * short to tell.
 */
export function scriptShape(source: string): string | null {
  const shape = stableScript(source)
    .replace(literals, '""')
    .replace(/\b\d[\d.]*\b/g, '0')
  if (shape.length < shapeLengthMin) return null
  return createHash('sha256').update(`shape ${shape}`).digest('hex').slice(0, hashLength)
}
