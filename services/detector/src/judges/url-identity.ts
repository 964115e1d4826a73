/**
 * The one spelling under which an address is known: two URLs with the same identity are the same page. Null for what is not an http
 * address. Order and repetition of query parameters count, because servers may make something of them.
 */
export function urlIdentity(address: string | URL, base?: string | URL): string | null {
  const url = typeof address === 'string' ? URL.parse(address, base) : address
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') return null
  const port = url.port === '' ? '' : `:${url.port}`
  return `${url.protocol}//${url.hostname}${port}${normaliseEscapes(url.pathname)}${queryOf(url.search)}`
}

/** Parameters that follow the visitor and do not change the page. */
const trackingNames =
  /^(utm_[a-z_]+|gclid|gclsrc|gbraid|wbraid|dclid|fbclid|msclkid|twclid|ttclid|li_fat_id|igshid|igsh|yclid|ysclid|_openstat|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hssc|__hstc|__hsfp|hsctatracking|vero_id|vero_conv|oly_anon_id|oly_enc_id|wickedid|rb_clickid|s_cid|srsltid|epik|_ga|_gl|pk_(campaign|kwd|source|medium|content|cid)|piwik_(campaign|kwd)|mtm_[a-z]+|matomo_[a-z]+|hsa_[a-z]+|ef_id|s_kwcid|trk_(contact|msg|module|sid)|cvid|oicd|wt\.mc_id|zanpid|awc|at_(campaign|medium|custom[0-9]))$/i

function queryOf(search: string): string {
  if (search.length < 2) return ''
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => !trackingNames.test(nameOf(pair)))
    .join('&')
  return kept === '' ? '' : `?${normaliseEscapes(kept)}`
}

function nameOf(pair: string): string {
  const equals = pair.indexOf('=')
  return normaliseEscapes(equals < 0 ? pair : pair.slice(0, equals))
}

/**
 * Unreserved characters stand for themselves (RFC 3986 §6.2.2.2), of the others the escape is put in upper case, and what a URL may
 * not contain but browsers let through is escaped.
 */
function normaliseEscapes(text: string): string {
  if (!unusual.test(text)) return text
  return text
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(/%[0-9a-f]{2}/gi, (code) => {
      const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
      return /[A-Za-z0-9\-._~]/.test(character) ? character : code.toUpperCase()
    })
    .replace(/[|[\]^{}\\`<>"]/g, encodeURIComponent)
}

const unusual = /[%|[\]^{}\\`<>"]/
