import type { Attributes } from './collector.ts'
import { srcsetUrls } from './srcset.ts'

/** What a page loads or sends without being asked. Active content can take the page over, passive content can only be seen. */
export interface Reference {
  readonly kind: 'active' | 'passive' | 'form'
  readonly tag: string
  /** As written. */
  readonly url: string
  /** What browsers do with it on a page that came over https, if it would come over http (W3C Mixed Content §3). */
  readonly handling: 'blocked' | 'upgraded' | 'warned'
}

type Add = (kind: Reference['kind'], url: string | undefined, handling?: Reference['handling']) => void

/** The references of one tag, as written. Links that are followed only by a click are none. */
export function referencesOf(tag: string, attributes: Attributes): Reference[] {
  const found: Reference[] = []
  const add: Add = (kind, url, handling = usualHandling[kind]) => {
    if (url !== undefined && url.trim() !== '') found.push({ kind, tag, url: url.trim(), handling })
  }
  addLoaded(tag, attributes, add)
  addSent(tag, attributes, add)
  if (attributes['style'] !== undefined) found.push(...insecureInStyle(attributes['style'], tag))
  return found
}

const usualHandling = { active: 'blocked', passive: 'upgraded', form: 'warned' } as const satisfies Record<
  Reference['kind'],
  Reference['handling']
>

function addLoaded(tag: string, attributes: Attributes, add: Add): void {
  switch (tag) {
    case 'script':
      if (runs(attributes)) for (const name of ['src', 'href', 'xlink:href']) add('active', attributes[name])
      break
    case 'iframe':
      // What is written inside takes the place of what would be loaded.
      if (attributes['srcdoc'] === undefined) add('active', attributes['src'])
      break
    case 'frame':
    case 'embed':
    case 'track':
      add('active', attributes['src'])
      break
    case 'object':
      add('active', attributes['data'])
      break
    case 'use':
      add('active', attributes['href'] ?? attributes['xlink:href'])
      break
    case 'link':
      addLinked(attributes, add)
      break
    case 'img':
    case 'image':
    case 'source':
      addImage(attributes, add)
      break
    case 'feimage':
      add('passive', attributes['href'] ?? attributes['xlink:href'])
      break
    case 'video':
      add('passive', attributes['poster'])
      add('passive', attributes['src'])
      break
    case 'audio':
      add('passive', attributes['src'])
      break
    case 'input':
      if (attributes['type']?.trim().toLowerCase() === 'image') add('passive', attributes['src'])
      break
    case 'body':
    case 'table':
    case 'td':
    case 'th':
      add('passive', attributes['background'])
      break
    default:
  }
}

/** Browsers fetch no script whose type they do not run, and none that is only for older browsers. */
function runs(attributes: Attributes): boolean {
  const type = attributes['type']?.trim().toLowerCase() ?? ''
  const isKnown = type === '' || type === 'module' || /^(text|application)\/(x-)?(java|ecma|j|live)script(;|$|1\.)/.test(type)
  return isKnown && attributes['nomodule'] === undefined
}

/** Of several sizes browsers upgrade none, but block: they could not tell which one was meant. */
function addImage(attributes: Attributes, add: Add): void {
  const { srcset } = attributes
  const handling = srcset === undefined ? 'upgraded' : 'blocked'
  for (const name of ['src', 'href', 'xlink:href']) add('passive', attributes[name], handling)
  for (const url of srcsetUrls(srcset ?? '')) add('passive', url, 'blocked')
}

const seen = new Set(['image', 'video', 'audio'])

function addLinked(attributes: Attributes, add: Add): void {
  const relations = new Set(attributes['rel']?.toLowerCase().split(/\s+/))
  const has = (...names: string[]) => names.some((name) => relations.has(name))
  if (has('stylesheet', 'manifest', 'modulepreload', 'prefetch', 'prerender')) add('active', attributes['href'])
  else if (has('preload')) {
    const isSeen = seen.has(attributes['as']?.trim().toLowerCase() ?? '')
    add(isSeen ? 'passive' : 'active', attributes['href'])
    for (const url of srcsetUrls(attributes['imagesrcset'] ?? '')) add('passive', url, 'blocked')
  } else if (has('icon', 'apple-touch-icon', 'apple-touch-icon-precomposed', 'mask-icon')) add('passive', attributes['href'])
}

function addSent(tag: string, attributes: Attributes, add: Add): void {
  const type = attributes['type']?.trim().toLowerCase()
  const isDialog = (name: string) => attributes[name]?.trim().toLowerCase() === 'dialog'
  if (tag === 'form' && !isDialog('method')) add('form', attributes['action'])
  const submits =
    tag === 'button' ? type !== 'button' && type !== 'reset' : tag === 'input' && (type === 'submit' || type === 'image')
  if (submits && !isDialog('formmethod')) add('form', attributes['formaction'])
}

/** Addresses that a style sheet inside the page loads over http: fonts and imports are active, images are not. */
export function insecureInStyle(css: string, tag = 'style'): Reference[] {
  if (!/http:/i.test(css)) return []
  const found: Reference[] = []
  const text = withoutComments(css)
  // Of two neighbours none may match what the other does, and a rule ends where the next begins: linear, whatever a page sends.
  for (const [, name = '', url = ''] of text.matchAll(
    /@(import|namespace|document)\b[^;{}"'()@]*?(?:url\(\s*)?["']?(http:[^"')\s;{}]+)/gi,
  ))
    if (name.toLowerCase() === 'import') found.push({ kind: 'active', tag, url, handling: 'blocked' })
  const rest = text.replace(/@(?:import|namespace|document)[^;{}]*/gi, '')
  const fonts = [...rest.matchAll(/@font-face\s*\{([^{}]*)/gi)].flatMap(([, block = '']) => httpUrls(block))
  const others = httpUrls(rest.replace(/@font-face\s*\{[^{}]*/gi, ''))
  for (const url of fonts) found.push({ kind: 'active', tag, url, handling: 'blocked' })
  for (const url of others) found.push({ kind: 'passive', tag, url, handling: 'upgraded' })
  return found.slice(0, perTextMax)
}

const httpUrls = (css: string): string[] =>
  [...css.matchAll(/(?:url|image-set)\(\s*["']?(http:[^"')\s]+)/gi)].flatMap(([, url]) => (url === undefined ? [] : [url]))

function withoutComments(css: string): string {
  if (!css.includes('/*')) return css
  const parts: string[] = []
  let at = 0
  while (at < css.length) {
    const start = css.indexOf('/*', at)
    if (start < 0) break
    parts.push(css.slice(at, start))
    const end = css.indexOf('*/', start + 2)
    at = end < 0 ? css.length : end + 2
  }
  parts.push(css.slice(at))
  return parts.join(' ')
}

/** Requests that a script inside the page visibly makes over http. Only the plain form: a script may do anything. */
export function insecureInScript(script: string): Reference[] {
  if (!script.includes('http:') && !script.includes('ws:')) return []
  const calls =
    /(?:\bfetch\s*\(|\.open\s*\(\s*["'][A-Za-z]+["']\s*,|\b(?:import|importScripts|sendBeacon)\s*\(|\bnew\s+(?:WebSocket|EventSource|Worker|SharedWorker)\s*\()\s*["'`]((?:http|ws):\/\/[^"'`\s$]+)/g
  return [...script.matchAll(calls)]
    .slice(0, perTextMax)
    .flatMap(([, url]) => (url === undefined ? [] : [{ kind: 'active', tag: 'script', url, handling: 'blocked' }]))
}

const perTextMax = 20

/**
 * May this come over http? `by_base`: only if the document's base says so. Most references of a page are harmless, and are not worth
 * being remembered.
 */
export function insecurity(url: string): 'insecure' | 'by_base' | 'none' {
  const plain = url.slice(0, 50).replace(/[\t\n\r]/g, '')
  if (/^(http|ws):/i.test(plain)) return 'insecure'
  return /^[a-z][a-z0-9+.-]*:/i.test(plain) ? 'none' : 'by_base'
}
