import { parse } from 'tldts'

/**
 * The domain somebody has registered, in ASCII: `www.shop.co.uk`, `https://shop.co.uk/a` and `SHOP.co.uk` are `shop.co.uk`. What hangs
 * below a hoster's own suffix (`mine.github.io`) is a domain of its own: two people, two sites. Null: an address, or no public name.
 */
export function registrableDomain(hostOrUrl: string): string | null {
  const text = hostOrUrl.trim()
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  if (!url || url.hostname === '') return null
  return parse(url.hostname, { allowPrivateDomains: true }).domain
}
