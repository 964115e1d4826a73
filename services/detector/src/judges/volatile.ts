/**
 * What differs between two answers with the same content: one-time codes, dates, clock times. They are taken out before hashing. Every
 * pattern is anchored in characters that the one before cannot eat, so each is linear in the text.
 */
const months = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}'
const patterns: readonly RegExp[] = [
  // UUIDs, tokens in hexadecimal, JSON web tokens.
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /(?<![\w-])eyJ[\w-]{10,2000}\.[\w-]{10,2000}(?:\.[\w-]{0,2000})?/g,
  /\b(?=[a-f]{0,64}\d)(?=\d{0,64}[a-f])[0-9a-f]{16,128}\b/gi,
  // Dates with clock times, dates, clock times.
  /\b\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?\b/g,
  /\b\d{1,2}([./-])\d{1,2}\1(?:19|20)?\d{2}\b/g,
  new RegExp(`\\b${months}\\.? \\d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\\d{2}\\b`, 'gi'),
  new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th|\\.)? ${months}\\.?,? (?:19|20)\\d{2}\\b`, 'gi'),
  /\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?: ?[ap]\.?m\b)?/gi,
  /\b\d{1,3} (?:second|minute|hour|day|week|month|year)s? ago\b/gi,
  // Seconds and milliseconds since 1970: from 2001 to 2033.
  /\b1\d{9}(?:\d{3})?\b/g,
]

/** A mixture of letters and digits that nobody writes by hand: a token in base64. */
const token = /[\w+/-]{20,200}={0,2}/g
const isToken = (word: string): boolean => /\d/.test(word) && /[a-z]/.test(word) && /[A-Z]/.test(word) && !/\/[^/]*\//.test(word)

/** Of what names a token, the value is dropped whatever it looks like: `csrf_token = "x"`, `nonce="x"`. */
const named =
  /((?:nonce|csrf|xsrf|authenticity|__requestverification|viewstate|request[_-]?id|session[_-]?id|trace[_-]?id|build[_-]?time)[\w-]{0,40}["']?\s{0,4}[:=]\s{0,4})(?:"[^"]{0,200}"|'[^']{0,200}'|[^\s"'<>&;,)}\]]{1,200})/gi

/** The text with everything volatile replaced by one mark. */
export function withoutVolatile(text: string): string {
  // Most sentences have neither a digit nor a sign of assignment.
  if (!/[\d:=]/.test(text)) return text
  let stable = text.replace(named, '$1~')
  // Everything else has a digit in it.
  if (!/\d/.test(stable)) return stable
  for (const pattern of patterns) stable = stable.replace(pattern, '~')
  return stable.replace(token, (word) => (isToken(word) ? '~' : word))
}
