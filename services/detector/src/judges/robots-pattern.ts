export type Pattern = (path: string) => boolean

/** `*` is any run of characters, `$` the end when it comes last. Linear in the path, however many stars there are. */
export function compilePattern(pattern: string): Pattern {
  const anchored = pattern.endsWith('$')
  const [prefix = '', ...pieces] = (anchored ? pattern.slice(0, -1) : pattern).split('*')
  if (pieces.length === 0) return anchored ? (path) => path === prefix : (path) => path.startsWith(prefix)
  const suffix = anchored ? (pieces.pop() ?? '') : ''
  return (path) => {
    if (!path.startsWith(prefix)) return false
    let position = prefix.length
    for (const piece of pieces) {
      const found = path.indexOf(piece, position)
      if (found < 0) return false
      position = found + piece.length
    }
    return path.length - suffix.length >= position && path.endsWith(suffix)
  }
}

const nonAscii = /[^\0-\x7f]+/g
const escapes = /%[0-9a-f]{2}/gi

/**
 * Escapes in upper case, and what is not ASCII escaped, so that a pattern compares with URLs as crawlers have them. Nothing is
 * unescaped: for Google `/%62` is not `/b`.
 */
export function escapePattern(value: string): string {
  return upperCaseEscapes(value).replace(nonAscii, (text) =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  )
}

/** Path and query of a URL or of what stands in for one, without the fragment; always begins with a slash. */
export function pathOf(url: string): string {
  const start = url.startsWith('//') ? 2 : 0
  const early = firstOf(url, start)
  const protocol = url.indexOf('://', start)
  const authority = protocol >= 0 && protocol < early ? protocol + 3 : start
  const path = firstOf(url, authority)
  const fragment = url.indexOf('#', start)
  const end = fragment < 0 ? url.length : fragment
  if (path >= end) return '/'
  const text = upperCaseEscapes(url.slice(path, end))
  return text.startsWith('/') ? text : `/${text}`
}

function firstOf(url: string, from: number): number {
  for (let i = from; i < url.length; i += 1) if (url[i] === '/' || url[i] === '?' || url[i] === ';') return i
  return url.length
}

const upperCaseEscapes = (text: string): string =>
  text.includes('%') ? text.replace(escapes, (code) => code.toUpperCase()) : text
