import { type HtmlSignals, readHtml } from './html-signals.ts'
import type { Reference } from './page-references.ts'

export interface MixedItem {
  readonly kind: Reference['kind']
  readonly tag: string
  readonly url: string
}

/** As many as help to find the fault. */
export const mixedItemsMax = 20

/** What a page that came over https loads over http, or sends there. Empty for a page that came over http. */
export function mixedContent(html: string, url: string): MixedItem[] {
  return url.startsWith('https:') ? mixedItemsOf(readHtml(html, { onLink() {}, wantsReferences: true }), url, false) : []
}

/** @param upgraded the response's own headers ask browsers to use https throughout */
export function mixedItemsOf(signals: HtmlSignals, url: string, upgraded: boolean): MixedItem[] {
  if (!url.startsWith('https:') || upgraded || signals.upgradesInsecure) return []
  const base = URL.parse(signals.baseHref ?? '', url) ?? url
  const items = new Map<string, MixedItem>()
  for (const { kind, tag, url: reference } of signals.references) {
    const target = URL.parse(reference, base)
    if (!target || !isInsecure(target)) continue
    items.set(`${kind} ${target.href}`, { kind, tag, url: target.href.slice(0, 500) })
    if (items.size >= mixedItemsMax) break
  }
  return [...items.values()]
}

/** http and ws, except to the visitor's own machine, which browsers trust. */
function isInsecure({ protocol, hostname }: URL): boolean {
  if (protocol !== 'http:' && protocol !== 'ws:') return false
  return !(
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}
