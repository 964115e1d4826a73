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

/** An element that says what the sources and images in it are for. */
export interface Holder {
  readonly tag: 'picture' | 'video' | 'audio'
  readonly attributes: Attributes
}

type Add = (kind: Reference['kind'], url: string | undefined, handling?: Reference['handling']) => void

/** The references of one tag, as written. Links that are followed only by a click are none. */
export function referencesOf(tag: string, attributes: Attributes, isForeign: boolean, holder?: Holder): readonly Reference[] {
  const { style } = attributes
  const found: Reference[] = []
  const add: Add = (kind, url, handling = usualHandling[kind]) => {
    if (url !== undefined && url.trim() !== '') found.push({ kind, tag, url: url.trim(), handling })
  }
  if (isForeign) addDrawn(tag, attributes, add)
  else {
    addLoaded(tag, attributes, add)
    addSeen(tag, attributes, holder, add)
    addSent(tag, attributes, add)
  }
  if (style !== undefined) found.push(...insecureInDeclarations(style, tag))
  return found
}

/** The only tags that load or send something; any may have a style. */
export const referringTags: ReadonlySet<string> = new Set(
  (
    'script iframe frame embed object link track img source video audio input body table thead tbody tfoot tr td th form button ' +
    'image use feImage'
  ).split(' '),
)
const withBackground = new Set('body table thead tbody tfoot tr td th'.split(' '))

const usualHandling = { active: 'blocked', passive: 'upgraded', form: 'warned' } as const satisfies Record<
  Reference['kind'],
  Reference['handling']
>

/** In a drawing, where HTML's names mean nothing. */
function addDrawn(tag: string, attributes: Attributes, add: Add): void {
  const href = attributes['href'] ?? attributes['xlink:href']
  if (tag === 'image' || tag === 'feImage') add('passive', href, seenAs(attributes))
  else if (tag === 'use' || (tag === 'script' && runs(attributes))) add('active', href)
}

function addLoaded(tag: string, attributes: Attributes, add: Add): void {
  switch (tag) {
    case 'script':
      if (runs(attributes)) add('active', attributes['src'])
      break
    case 'iframe':
      // What is written inside takes the place of what would be loaded.
      if (attributes['srcdoc'] === undefined) add('active', attributes['src'])
      break
    case 'frame':
    case 'embed':
      add('active', attributes['src'])
      break
    case 'object':
      add('active', attributes['data'])
      break
    case 'link':
      addLinked(attributes, add)
      break
    default:
  }
}

/** What can only be seen or heard, and what belongs to it. */
function addSeen(tag: string, attributes: Attributes, holder: Holder | undefined, add: Add): void {
  switch (tag) {
    case 'img':
      addImage(attributes, holder, add)
      break
    case 'source':
      if (holder) addSource(attributes, holder, add)
      break
    case 'track':
      if (holder && holder.tag !== 'picture') add('active', attributes['src'])
      break
    case 'video':
      add('passive', attributes['poster'])
      add('passive', attributes['src'], seenAs(attributes))
      break
    case 'audio':
      add('passive', attributes['src'], seenAs(attributes))
      break
    case 'input':
      if (attributes['type']?.trim().toLowerCase() === 'image') add('passive', attributes['src'])
      break
    default:
      if (withBackground.has(tag)) add('passive', attributes['background'])
  }
}

/** What is asked for with the sender's name is not upgraded (Mixed Content §4.1). */
const seenAs = (attributes: Attributes): Reference['handling'] =>
  attributes['crossorigin'] === undefined ? 'upgraded' : 'blocked'

/** Of several sizes browsers upgrade none, but block. */
function addImage(attributes: Attributes, holder: Holder | undefined, add: Add): void {
  const { srcset } = attributes
  const isOneOfSeveral = srcset !== undefined || holder?.tag === 'picture'
  add('passive', attributes['src'], isOneOfSeveral ? 'blocked' : seenAs(attributes))
  for (const url of srcsetUrls(srcset ?? '')) add('passive', url, 'blocked')
}

/** A picture chooses among sets; a film takes the first that it can play, if it does not name one itself. */
function addSource(attributes: Attributes, holder: Holder, add: Add): void {
  if (holder.tag === 'picture') for (const url of srcsetUrls(attributes['srcset'] ?? '')) add('passive', url, 'blocked')
  else if (holder.attributes['src'] === undefined) add('passive', attributes['src'], seenAs(holder.attributes))
}

const essences = 'javascript ecmascript x-javascript x-ecmascript'
  .split(' ')
  .flatMap((name) => [`text/${name}`, `application/${name}`])
const versions = ['0', '1', '2', '3', '4', '5'].map((minor) => `text/javascript1.${minor}`)
const scriptTypes: ReadonlySet<string> = new Set([...essences, ...versions, 'text/jscript', 'text/livescript'])

export const isModule = (attributes: Attributes): boolean => attributes['type']?.trim().toLowerCase() === 'module'

/** Browsers fetch and run no script of another type, and none that is only for browsers without modules. */
export function runs(attributes: Attributes): boolean {
  const language = attributes['language']?.toLowerCase() || 'javascript'
  const type = attributes['type']?.trim().toLowerCase() ?? `text/${language}`
  return isModule(attributes) || ((type === '' || scriptTypes.has(type)) && attributes['nomodule'] === undefined)
}

/** Of another type it is no style sheet to a browser. */
export const isStyleSheet = (attributes: Attributes): boolean => /^\s*(?:text\/css\s*(?:;|$)|$)/i.test(attributes['type'] ?? '')

const fetched = ['manifest', 'modulepreload', 'prefetch', 'compression-dictionary']
const icons = ['icon', 'apple-touch-icon', 'apple-touch-icon-precomposed', 'mask-icon']
/** Of anything else nothing is loaded ahead. */
const preloaded = new Set(['fetch', 'font', 'script', 'style', 'track'])

function addLinked(attributes: Attributes, add: Add): void {
  const relations = new Set(attributes['rel']?.toLowerCase().split(/\s+/))
  const has = (names: readonly string[]) => names.some((name) => relations.has(name))
  const destination = attributes['as']?.trim().toLowerCase() ?? ''
  const isStyle = relations.has('stylesheet') && attributes['disabled'] === undefined && isStyleSheet(attributes)
  const isPreload = relations.has('preload')
  if (isStyle || has(fetched) || (isPreload && preloaded.has(destination))) add('active', attributes['href'])
  else if (isPreload && destination === 'image') {
    add('passive', attributes['href'], seenAs(attributes))
    for (const url of srcsetUrls(attributes['imagesrcset'] ?? '')) add('passive', url, 'blocked')
  } else if (has(icons)) add('passive', attributes['href'])
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
export function insecureInStyle(css: string): Reference[] {
  if (!/http:/i.test(css)) return []
  const found: Reference[] = []
  const text = withoutComments(css)
  const add = (kind: 'active' | 'passive', url: string) => found.push({ kind, tag: 'style', url, handling: usualHandling[kind] })
  const firstRule = text.indexOf('{')
  // Of two neighbours none may match what the other does, and a rule ends where the next begins: linear, whatever a page sends.
  // Browsers import nothing after the first rule.
  for (const { index, 1: name = '', 2: url = '' } of text.matchAll(
    /@(import|namespace|document)\b[^;{}"'()@]*?(?:url\(\s*)?["']?(http:[^"')\s;{}]+)/gi,
  ))
    if (name.toLowerCase() === 'import' && (firstRule < 0 || index < firstRule)) add('active', url)
  const rest = text.replace(/@(?:import|namespace|document)[^;{}]*/gi, '')
  for (const [, block = ''] of rest.matchAll(/@font-face\s*\{([^{}]*)/gi)) for (const url of httpUrls(block)) add('active', url)
  for (const url of httpUrls(rest.replace(/@font-face\s*\{[^{}]*/gi, ''))) add('passive', url)
  return found.slice(0, perTextMax)
}

/** The same of a style attribute, which can neither import nor define fonts. */
function insecureInDeclarations(css: string, tag: string): Reference[] {
  if (!/http:/i.test(css)) return []
  const urls = httpUrls(withoutComments(css).replace(/@import[^;]*/gi, ''))
  return urls.slice(0, perTextMax).map((url) => ({ kind: 'passive', tag, url, handling: 'upgraded' }))
}

/** What only looks like one stands in quotes. A set of images may name them without more ado. */
function httpUrls(css: string): string[] {
  const urls = [...css.matchAll(/(?<!["'])url\(\s*["']?(http:[^"')\s]+)/gi)]
  const sets = [...css.matchAll(/image-set\(([^;{}]*)/gi)].flatMap(([, set = '']) => [
    ...set.matchAll(/["'](http:[^"'\s]+)["']/gi),
  ])
  return [...urls, ...sets].flatMap(([, url]) => url ?? [])
}

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
export function insecureInScript(script: string, isModule: boolean): Reference[] {
  if (!script.includes('http:') && !script.includes('ws:')) return []
  const active = [...script.matchAll(calls), ...(isModule ? script.matchAll(imports) : [])]
  return [...visibleIn(script, active, 'active'), ...visibleIn(script, [...script.matchAll(pixels)], 'passive')]
}

const calls =
  /(?:\bfetch\s*\(|\.open\s*\(\s*["'](?:GET|POST|PUT|PATCH|HEAD|DELETE|OPTIONS|get|post|put|patch|head|delete|options)["']\s*,|\b(?:import|importScripts|sendBeacon|addModule)\s*\(|\bnew\s+(?:WebSocket|EventSource|Worker|SharedWorker)\s*\()\s*["'`]((?:http|ws):\/\/[^"'`\s$]+)/g

/** What stands at the beginning of a module. A longer list of names is none. */
const imports = /(?:^|[;\n}])[ \t]*(?:import|export)\b[^;"'`()]{0,500}["'](http:\/\/[^"'\s]+)/g

/** An image that nobody is to see. */
const pixels = /\bnew Image(?:\(\d*(?:, ?\d+)?\))?\)?\.src ?= ?["'`](http:\/\/[^"'`\s$]+)/g

/** More are not looked at. */
const matchesMax = 200

function visibleIn(script: string, matches: readonly RegExpExecArray[], kind: 'active' | 'passive'): Reference[] {
  const urls = matches.slice(0, matchesMax).flatMap(({ index, 1: url }) => (isCommentedOut(script, index) ? [] : (url ?? [])))
  return urls.slice(0, perTextMax).map((url) => ({ kind, tag: 'script', url, handling: usualHandling[kind] }))
}

/** Nobody comments on a longer line. */
const lineLengthMax = 500

function isCommentedOut(script: string, at: number): boolean {
  const before = script.slice(Math.max(0, at - lineLengthMax), at)
  // Two slashes behind a colon, a quote or a backslash belong to an address, a text or a pattern.
  if (/(?:^|[^:"'`\\])\/\//.test(before.slice(before.lastIndexOf('\n') + 1))) return true
  let opened = script.lastIndexOf('/*', at)
  // In "*/*", the type of anything, none begins.
  while (opened > 0 && script[opened - 1] === '*') opened = script.lastIndexOf('/*', opened - 1)
  return opened > script.lastIndexOf('*/', at)
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
