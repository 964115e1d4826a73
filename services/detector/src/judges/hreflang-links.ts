import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'
import { type Alternate, alternatesOf, HreflangCollector } from './hreflang-collector.ts'
import { signalCollectors } from './html-signals.ts'
import { walkHtml } from './html-walk.ts'

/** The versions for other languages and countries that one page names, in its head and in its Link header. */
export function hreflangLinks(headers: ResponseHeaders, html: string, url: string): Alternate[] {
  const { head } = signalCollectors({ onLink() {}, wantsReferences: false })
  const walk = walkHtml({ head, versions: new HreflangCollector() })
  walk.write(html)
  const facts = walk.end()
  return alternatesOf(headers, facts.versions, url, facts.head.baseHref)
}
