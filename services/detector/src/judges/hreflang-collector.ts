import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'
import type { Attributes, Collector, Place } from './collector.ts'
import { headerLines } from './header-lines.ts'
import { linkHeaderEntries } from './link-header.ts'
import { urlAddress } from './url-address.ts'

/** A version of a page for another language or country. */
export interface Alternate {
  /** As written. */
  readonly code: string
  /** As `urlAddress` spells it; null when that gives no http address. */
  readonly url: string | null
}

export interface WrittenAlternate {
  readonly code: string
  readonly href: string
}

/** There are some 60 versions of the largest sites; what is beyond makes no fault clearer. */
export const alternatesMax = 100
const codeLengthMax = 50
const hrefLengthMax = 2_048

const linkTags = new Set(['link'])

/** <link rel="alternate" hreflang> of the head; search engines ignore those in the body. */
export class HreflangCollector implements Collector<readonly WrittenAlternate[]> {
  readonly tags = linkTags
  readonly #found: WrittenAlternate[] = []

  onOpenTag(name: string, attributes: Attributes, place: Place): void {
    if (name !== 'link' || !place.inHead || this.#found.length >= alternatesMax) return
    const { hreflang, href } = attributes
    if (hreflang === undefined || href === undefined || href.length > hrefLengthMax) return
    const isAlternate = attributes['rel']?.toLowerCase().split(/\s+/).includes('alternate') ?? false
    if (isAlternate) this.#found.push({ code: hreflang.trim().slice(0, codeLengthMax), href: href.trim() })
  }

  facts(): readonly WrittenAlternate[] {
    return this.#found
  }
}

/** What the HTML and the Link header say together. */
export function alternatesOf(
  headers: ResponseHeaders,
  written: readonly WrittenAlternate[],
  url: string,
  baseHref: string | null,
): Alternate[] {
  const base = URL.parse(baseHref ?? '', url) ?? url
  const inHeader = linkHeaderEntries(headerLines(headers, 'link'), 'alternate').flatMap(({ target, hreflang }) =>
    hreflang === undefined ? [] : [{ code: hreflang.slice(0, codeLengthMax), url: urlAddress(target, url) }],
  )
  const inHtml = written.map(({ code, href }) => ({ code, url: urlAddress(href, base) }))
  return [...inHtml, ...inHeader].slice(0, alternatesMax)
}
