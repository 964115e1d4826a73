/** What a page loads or sends without being asked. Active content can take the page over, passive content can only be seen. */
export interface Reference {
  readonly kind: 'active' | 'passive' | 'form'
  readonly tag: string
  /** As written. */
  readonly url: string
}

type Attributes = Readonly<Record<string, string>>

const loadingRels =
  /\b(stylesheet|icon|shortcut|apple-touch-icon|apple-touch-icon-precomposed|manifest|preload|modulepreload|prefetch)\b/i

/** The references of one tag, as written. Links that are followed only by a click are none. */
export function referencesOf(tag: string, attributes: Attributes): Reference[] {
  const found: Reference[] = []
  const add = (kind: Reference['kind'], url: string | undefined) => {
    if (url !== undefined && url.trim() !== '') found.push({ kind, tag, url: url.trim() })
  }
  switch (tag) {
    case 'script':
    case 'iframe':
    case 'frame':
    case 'embed':
      add('active', attributes['src'])
      break
    case 'object':
      add('active', attributes['data'])
      break
    case 'link':
      if (loadingRels.test(attributes['rel'] ?? ''))
        add(/icon/i.test(attributes['rel'] ?? '') ? 'passive' : 'active', attributes['href'])
      break
    case 'img':
    case 'source':
      add('passive', attributes['src'])
      for (const candidate of srcsetCandidates(attributes['srcset'] ?? '')) add('passive', candidate.split(' ', 1)[0])
      break
    case 'video':
      add('passive', attributes['src'])
      add('passive', attributes['poster'])
      break
    case 'audio':
    case 'track':
      add('passive', attributes['src'])
      break
    case 'input':
      if (attributes['type']?.toLowerCase() === 'image') add('passive', attributes['src'])
      add('form', attributes['formaction'])
      break
    case 'button':
      add('form', attributes['formaction'])
      break
    case 'form':
      add('form', attributes['action'])
      break
    default:
  }
  if (attributes['style']?.includes('http:')) found.push(...insecureInStyle(attributes['style'], tag))
  return found
}

/** White space is made single first: then no run of it can be divided in many ways, which would cost its length squared. */
const srcsetCandidates = (srcset: string): string[] =>
  srcset
    .trim()
    .replace(/\s+/g, ' ')
    .split(/, | [\d.]+[wx] ?,/)
    .map((candidate) => candidate.trim())

/** Addresses that a style sheet inside the page loads over http: fonts and imports are active, images are not. */
export function insecureInStyle(css: string, tag = 'style'): Reference[] {
  if (!css.includes('http:')) return []
  // Of two neighbours none may match what the other does, and a block ends where the next begins: linear, whatever a page sends.
  const imported = matches(css, /@import\s+(?:url\(\s*)?["']?(http:[^"')\s;]+)/gi)
  const fonts = matches(css, /@font-face\s*\{[^{}]*?url\(\s*["']?(http:[^"')\s]+)/gi)
  const active = [...imported, ...fonts]
  const others = matches(css, /url\(\s*["']?(http:[^"')\s]+)/gi).filter((url) => !active.includes(url))
  return [
    ...active.map((url) => ({ kind: 'active' as const, tag, url })),
    ...others.map((url) => ({ kind: 'passive' as const, tag, url })),
  ]
}

/** Requests that a script inside the page visibly makes over http. Only the plain form: a script may do anything. */
export function insecureInScript(script: string): Reference[] {
  if (!script.includes('http:') && !script.includes('ws:')) return []
  const calls =
    /(?:\bfetch\s*\(|\.open\s*\(\s*["'][A-Za-z]+["']\s*,|\bimportScripts\s*\(|\bnew\s+(?:WebSocket|EventSource)\s*\()\s*["'`]((?:http|ws):\/\/[^"'`\s$]+)/g
  return matches(script, calls).map((url) => ({ kind: 'active', tag: 'script', url }))
}

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].slice(0, 20).flatMap((match) => (match[1] === undefined ? [] : [match[1]]))
