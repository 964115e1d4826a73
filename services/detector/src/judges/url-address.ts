/**
 * The one spelling under which an address is known, asked for and compared. Null for what is not an http address. Order and repetition of query parameters count, because servers may make something of them.
 */
export function urlAddress(address: string | URL, base?: string | URL): string | null {
  if (typeof address === 'string' && base instanceof URL && isPlainPath(address) && isPlainSite(base))
    return base.origin + address
  const url = typeof address === 'string' ? URL.parse(address, base) : address
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') return null
  if (url.hostname.endsWith('.')) return withoutRoot(url)
  const port = url.port === '' ? '' : `:${url.port}`
  return `${url.protocol}//${url.hostname}${port}${normaliseEscapes(url.pathname)}${queryOf(url.search)}`
}

/** @param address of http or https, as `urlAddress` or a URL spells it */
export function hostOfAddress(address: string): string {
  const from = address.indexOf('://') + 3
  const end = address.indexOf('/', from)
  const host = end < 0 ? '' : address.slice(from, end)
  return host === '' || host.includes('@') ? new URL(address).host : host
}

/** The dot of the root says what holds anyway. What is left may be an IP address in disguise, so it is parsed once more. */
function withoutRoot({ protocol, hostname, port, pathname, search }: URL): string | null {
  let end = hostname.length
  while (hostname[end - 1] === '.') end -= 1
  const name = hostname.slice(0, end)
  return name === '' ? null : urlAddress(`${protocol}//${name}${port === '' ? '' : `:${port}`}${pathname}${search}`)
}

/** Most links of most sites: nothing in it is written in two ways. To be parsed, each would cost ten times as much. */
const isPlainPath = (address: string): boolean => /^\/(?!\/)[\w/.~-]*$/.test(address) && !address.includes('/.')
const isPlainSite = ({ protocol, hostname }: URL): boolean =>
  (protocol === 'https:' || protocol === 'http:') && !hostname.endsWith('.')

/**
 * Parameters that follow the visitor and do not change the page: of campaigns, clicks on advertisements, newsletters and statistics.
 * Names that other sites use for something else are not among them. An ampersand that was escaped twice leaves its rest at the name.
 */
const trackingNames = new RegExp(
  `^(?:amp;)?(?:${`
utm_\\w+ gclid gclsrc gbraid wbraid gad_source gad_campaignid dclid srsltid _ga _gl
fbclid fb_action_ids fb_action_types fb_comment_id fb_source fb_ref igshid igsh mibextid msclkid twclid ttclid li_fat_id epik rdt_cid sccid
yclid ymclid ysclid syclid _openstat mc_cid mc_eid mc_tc mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking hsa_[a-z]+ vero_id vero_conv
oly_anon_id oly_enc_id _kx _bhlid _branch_match_id _branch_referrer bsft_clkid bsft_uid dm_i et_rid irclickid ml_subscriber ml_subscriber_hash
rb_clickid s_cid s_kwcid ef_id sms_click sms_source sms_uph ss_email_id unicorn_click_id vgo_ee wickedid guce_referrer guce_referrer_sig
pk_(?:campaign|kwd|source|medium|content|cid) piwik_(?:campaign|kwd) mtm_[a-z]+ matomo_[a-z]+ trk_(?:contact|msg|module|sid) cvid oicd wt\\.mc_id
ga_(?:source|medium|term|content|campaign|place) itm_(?:source|medium|campaign|content|term) ns_(?:source|mchannel|campaign|linkname|fee)
elqtrackid elqtrack elqaid elqat elqcampaignid bsft_eid bsft_mid ck_subscriber_id _ke dicbo tblci obclid cjevent irgwc sscid tduid
ransiteid raneaid ranmid yadclid yadordid wt_z?mc wtrid xtor __twitter_impression action_(?:object|type|ref)_map ceneo_spo pk_(?:keyword|cpn)
hmb_(?:campaign|medium|source) zanpid awc at_(?:campaign|medium|custom[0-9]|recipient_id|recipient_list) __s
`
    .trim()
    .split(/\s+/)
    .join('|')})$`,
  'i',
)

function queryOf(search: string): string {
  if (search.length < 2) return ''
  const kept = search
    .slice(1)
    .split('&')
    // Nothing between two ampersands is no parameter.
    .filter((pair) => pair !== '' && !trackingNames.test(nameOf(pair)))
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
