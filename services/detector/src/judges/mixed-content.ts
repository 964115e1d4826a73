import { type HtmlSignals, readHtml } from './html-signals.ts'
import type { Reference } from './page-references.ts'

export interface MixedItem {
  readonly kind: Reference['kind']
  readonly tag: string
  readonly url: string
  /** Browsers block it, load it over https instead, or warn before it is sent. */
  readonly handling: Reference['handling']
}

/** Of one page, worst first: as many as help to find the fault. */
const mixedItemsMax = 20
const urlLengthMax = 500

/** What a page that came over https loads over http, or sends there. Empty for a page that came over http. */
export function mixedContent(html: string, url: string): MixedItem[] {
  if (!isSecure(url)) return []
  return allMixed(readHtml(html, { onLink() {}, wantsReferences: true }), url)
}

/** @param upgraded the response's own headers ask browsers to use https throughout */
export const mixedItemsOf = (signals: HtmlSignals, url: string, upgraded: boolean): MixedItem[] =>
  !isSecure(url) || upgraded ? [] : allMixed(signals, url).slice(0, mixedItemsMax)

const isSecure = (url: string): boolean => /^https:/i.test(url.trimStart())

const worstFirst: readonly MixedItem['kind'][] = ['active', 'form', 'passive']

function allMixed(signals: HtmlSignals, url: string): MixedItem[] {
  const base = URL.parse(signals.baseHref ?? '', url) ?? url
  const items = new Map<string, MixedItem>()
  for (const { kind, tag, url: reference, handling } of signals.references) {
    const target = URL.parse(reference, base)
    if (!target || !isInsecure(target)) continue
    // Nobody has a certificate for an address.
    const handled = handling === 'upgraded' && isAddress(target) ? 'blocked' : handling
    items.set(`${kind} ${target.href}`, { kind, tag, url: target.href.slice(0, urlLengthMax), handling: handled })
  }
  return [...items.values()].sort((a, b) => worstFirst.indexOf(a.kind) - worstFirst.indexOf(b.kind))
}

/** http and ws, except to the visitor's own machine, which browsers trust (Secure Contexts §3.1). */
function isInsecure({ protocol, hostname }: URL): boolean {
  if (protocol !== 'http:' && protocol !== 'ws:') return false
  return !(/^(?:.*\.)?localhost\.?$/.test(hostname) || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname))
}

/** URLs write every IPv4 address with four numbers. */
const isAddress = ({ hostname }: URL): boolean => hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname)
