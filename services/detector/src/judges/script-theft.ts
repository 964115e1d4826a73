import { hostsIn, isCampaign, isMiner, isService } from './script-hosts.ts'
import { type Signal, type Strength, signal } from './script-signal.ts'

const cardWords =
  /card[-_ ]?(?:num|no\b|holder|cvc|cvv|exp)|cc[-_]?(?:num|number|cid|cvv|exp|owner|type|month|year)|\bcvv2?\b|\bcvc2?\b|creditcard|credit[-_]card|payment\[cc\w{0,20}|security[-_]?code|expir(?:y|ation)|authorizenet|braintree|ccsave/gi
/** Cookies expire as well, and classes are called cc-type: one word has to be of nothing but cards. */
const surelyCard = /cardnum|ccnum|cvv|cvc|cccid|payment\[cc|creditcard|securitycode/
/** A list of words to be left out, such as recorders of visits have, says nothing of what is read. */
const wordList = /(?:[\w$^.*+?()\\-]{1,30}\|){4,200}[\w$^.*+?()\\-]{1,30}/g
const collects =
  /querySelectorAll\s{0,3}\(\s{0,3}["'`][^"'`]{0,80}(?:input|select|textarea|form)|getElementsByTagName\s{0,3}\(\s{0,3}["'](?:input|select|form|textarea)|document\.forms|\.serialize(?:Array)?\s{0,3}\(|\.elements\b|\$\s{0,3}\(\s{0,3}["'](?:input|form|select)|getElementById\s{0,3}\([^)]{1,60}\)\.value|\.value\b|\.val\s{0,3}\(\s{0,3}\)/
const listens =
  /addEventListener|\.on(?:click|submit|change|blur|load|key\w+|mouse\w+)\s{0,3}=|\.on\s{0,3}\(|setInterval|setTimeout|\.(?:submit|click|change|blur|keyup)\s{0,3}\(|onreadystatechange/
const beacon =
  /new\s+Image\b|createElement\s{0,3}\(\s{0,3}["'`]img|sendBeacon|XMLHttpRequest|\bfetch\s{0,3}\(|\.(?:post|ajax|get)\s{0,3}\(|new\s+WebSocket/i
const wraps =
  /\bbtoa\b|JSON\.stringify|encodeURIComponent|escape\s{0,3}\(|base64|\.charCodeAt|\.serialize\s{0,3}\(|location\.host|\.length\s{0,3}[=<>]{1,3}\s{0,3}1[3-6]\b/

/** Cards, keys and sessions on their way to somebody else. */
export function theft(source: string): Signal[] {
  const found: Signal[] = []
  const hosts = hostsIn(source)
  const miner = hosts.find(isMiner)
  if (miner !== undefined && new Set(hosts.filter(isMiner)).size < 5) found.push(signal('miner', 'decisive', miner))
  if (
    /new\s+(?:CoinHive|CryptoLoot|CRLT|CoinImp|deepMiner|WMP|JSEcoin|PPoi|ProjectPoi|EverythingIsLife)\b|\b(?:Client|WMP|CoinHive|CryptoLoot|CRLT|deepMiner)\.(?:Anonymous|User)\s{0,3}\(|\bEverythingIsLife\s{0,3}\(|\bstartMining\s{0,3}\(\s{0,3}["']|stratum\+(?:tcp|ssl):|cryptonight[-_]?(?:wasm|asmjs|worker|hash)/i.test(
      source,
    )
  )
    found.push(signal('miner', 'decisive', "mines in the visitor's browser"))
  const campaign = hosts.find(isCampaign)
  if (campaign !== undefined) found.push(signal('known_campaign', 'decisive', campaign))
  if (
    /api\.telegram\.org\/bot|discord(?:app)?\.com\/api\/webhooks\/\d/.test(source) &&
    /\.value|cookie|password|JSON\.stringify|sendMessage/.test(source)
  )
    found.push(signal('key_logging', 'decisive', 'sends what is typed to a chat'))
  if (source.length > 60_000) return found
  const foreign = hosts.some((host) => !isService(host))
  // Leaving a page, or changing one of its pictures, sends as well as a request does.
  if (foreign) found.push(...diversion(source), ...watching(source))
  if (!beacon.test(source)) return found
  return [...found, ...cardTheft(source, foreign), ...fieldTheft(source, foreign || /\batob\s{0,3}\(/.test(source))]
}

function cardTheft(source: string, foreign: boolean): Signal[] {
  if (!foreign && !/\batob\b|fromCharCode/.test(source)) return []
  const cards = cardWordsIn(source)
  if (cards.size >= 2 && listens.test(source) && collects.test(source) && (wraps.test(source) || writesCardFields.test(source)))
    return [signal('card_theft', 'decisive', 'reads card fields and sends them elsewhere')]
  if (
    /checkout|onepage|onestep|firecheckout|billing/i.test(source) &&
    /(?:input|select|textarea)/.test(source) &&
    /\bbtoa\b|base64/i.test(source) &&
    /\.value\b|\.val\s{0,3}\(\s{0,3}\)/.test(source) &&
    (foreign || /\batob\b/.test(source))
  )
    return [signal('card_theft', 'decisive', 'reads the fields of a checkout and sends them elsewhere')]
  return []
}

/** A form for cards that the script itself puts into the page. */
const writesCardFields =
  /["'`]\s{0,9}<[^"'`]{0,2000}<input[^>]{0,300}(?:cc[-_]?num|card[-_]?num|payment\[cc|cvv|cvc)|<input[^>]{0,200}name=\\?["'](?:payment\[cc|cc[-_]?num|card[-_]?num|cvv|cvc)/i

function cardWordsIn(source: string): Set<string> {
  const wordsOf = (text: string) => new Set(text.match(cardWords)?.map((word) => word.toLowerCase().replace(/[-_ ]/g, '')))
  const isOf = (cards: ReadonlySet<string>) => cards.size >= 2 && [...cards].some((word) => surelyCard.test(word))
  if (!isOf(wordsOf(source))) return new Set()
  const cards = wordsOf(source.replace(wordList, ' '))
  return isOf(cards) ? cards : new Set()
}

const forms =
  /querySelectorAll\s{0,3}\(\s{0,3}["'`]form|document\.forms\b|getElementsByTagName\s{0,3}\(\s{0,3}["'`]form|\$\s{0,3}\(\s{0,3}["'`]form["'`]/
const elsewhere = String.raw`\s{0,3}=\s{0,3}["'\`]https?:\/\/`
const changesAction = new RegExp(`\\.action${elsewhere}`)
const changesLinks = new RegExp(`\\[href[^()]{0,40}(?:checkout|cart|payment)[\\s\\S]{0,200}?\\.href${elsewhere}`)
const changesBase = new RegExp(`createElement\\s{0,3}\\(\\s{0,3}["'\`]base["'\`][\\s\\S]{0,200}?\\.href${elsewhere}`)
const offersProgram = /https?:\/\/[^"'`\s<>]{1,200}\.(?:exe|zip|msi|apk|dmg|iso|hta)\b/i

/** What is filled in, bought or downloaded, somewhere else than people think. */
function diversion(source: string): Signal[] {
  if (source.length > 20_000) return []
  // Weak: a page pays at a domain of its own in the same way. One that nobody knows here counts by itself.
  if ((changesAction.test(source) && forms.test(source)) || changesLinks.test(source) || changesBase.test(source))
    return [signal('redirect', 'weak', 'leads forms or links elsewhere')]
  const isUpdate = /update (?:your )?(?:browser|google chrome|chrome|firefox|edge|flash)/i.test(source)
  if (
    isUpdate &&
    offersProgram.test(source) &&
    /navigator\.userAgent/.test(source) &&
    /\.innerHTML\s{0,3}=|document\.write/.test(source)
  )
    return [signal('dropper', 'decisive', 'offers a program in the name of the browser')]
  return []
}

const readsAll =
  /(?:querySelectorAll|\$\w{0,3}|jQuery)\s{0,3}\(\s{0,3}["'`][^"'`]{0,60}\binput\b[^"'`]{0,60}\b(?:select|textarea)\b|(?:Selectors?|fields)\s{0,3}[:=]\s{0,3}["'`]input\s{0,3},\s{0,3}(?:select|textarea)/
const readsBoth = (source: string): boolean =>
  /getElementsByTagName\s{0,3}\(\s{0,3}["'`]input/.test(source) &&
  /getElementsByTagName\s{0,3}\(\s{0,3}["'`](?:select|textarea)/.test(source)
/** d[e.name] = e.value; name + '=' + value */
const keepsByName =
  /\[\s{0,3}[\w$.]{1,20}(?:\[\w{1,10}\])?\.(?:name|id)\b[^\]]{0,20}\]\s{0,3}=\s{0,3}[\w$.]{1,20}(?:\[\w{1,10}\])?\.value|\.(?:name|id)\s{0,3}\+\s{0,3}["'`][=:|-]|\.attr\s{0,3}\(\s{0,3}["'](?:id|name)["']\s{0,3}\)/
const reads = /\.value\b|\.val\s{0,3}\(\s{0,3}\)/
/** Words of a checkout; `card` alone is a box on a page, `billing` an address, and terms of payment stand under many a form. */
const ofPaying =
  /checkout|\bpayment(?!\s{1,3}\w)|place[-_]?order|onepage|onestep|card[-_ ]?(?:num|no\b|cvv|cvc|exp)|\bcvc|\bcvv|exp[-_](?:month|year|date)/i
const encodes = /\bbtoa\b|(?<!;)base64/
/** Nobody is to see that it was sent, or what was answered. */
const hides = /beforeunload|no-cors|dataType:\s{0,3}["']jsonp/
const fieldsLengthMax = 15_000

/** All that is typed into a page, or what is typed into its login. */
function fieldTheft(source: string, foreign: boolean): Signal[] {
  if (source.length > fieldsLengthMax || !reads.test(source)) return []
  const isHarvest = readsAll.test(source) || readsBoth(source) || keepsByName.test(source)
  // Somebody else's account at a service that everybody loads from will do as well.
  const isCollected =
    /google-analytics\.com\/(?:[jgr]\/)?collect/.test(source) && /\bbtoa\b/.test(source) && /[?&]tid=/.test(source)
  if (isHarvest && (foreign || isCollected)) {
    const what = 'reads all fields of a page and sends them elsewhere'
    if (isOfCheckout(source)) return [signal('card_theft', 'decisive', what)]
    return [signal('key_logging', encodes.test(source) || hides.test(source) ? 'strong' : 'weak', what)]
  }
  if (foreign && password.test(source) && listens.test(source) && source.length < 6_000) {
    if (/no-cors|new\s+Image\b/.test(source)) return [signal('key_logging', 'decisive', 'sends passwords elsewhere')]
    if (sendsHost.test(source) || /\bbtoa\b/.test(source)) return [signal('key_logging', 'strong', 'sends passwords elsewhere')]
    // Many a site has its logins at another domain of its own, and tells it from where people come.
    if (/location\.(?:host(?:name)?|href)\b(?!\s{0,3}=[^=])/.test(source))
      return [signal('key_logging', 'weak', 'sends passwords elsewhere')]
  }
  return []
}

/** Shops keep drafts of orders, and send them when one leaves: it takes a second mark that has nothing to do with the first. */
function isOfCheckout(source: string): boolean {
  const pays = ofPaying.test(source)
  if (encodes.test(source)) return pays
  if (!hides.test(source)) return false
  if (cardFields.test(source.replace(wordList, ' '))) return true
  return pays && /jsonp/.test(source) && sendsHost.test(source)
}

/** Whose form it is knows the names of its fields, and need not look for what begins like one. */
const cardFields = /input\[(?:id|name|autocomplete)[*^$]=\\?["']?(?:cc|card)|\b(?:cc|card)[-_]?num|\bcvv|\bcvc|payment\[cc/i

/** The site's own server knows where it runs: who is told has more than one. */
const sendsHost =
  /(?::\s{0,3}|=["'`]\s{0,3}\+\s{0,3}|[=&]\$\{\s{0,3})(?:window\.|document\.)?location\.host(?:name)?\b(?!\s{0,3}(?:[!=]==?|[.?]))/

const password =
  /type=\\?["']?password|user_pass|\[name\^?\*?=\\?["']?(?:pass|pwd)|["'`]#(?:pass|pwd|user_pass)|getElementById\s{0,3}\(\s{0,3}["'](?:pass|pwd)/i
/** In an address behind one of its signs: what stands behind `; ` is on its way into a list of cookies. */
const sendsCookies =
  /=["'`]\s{0,3}\+\s{0,3}(?:\w{1,20}\s{0,3}\(\s{0,3}){0,2}document\.cookie(?![\w$]|\s{0,3}[.?[])|\b(?:escape|encodeURIComponent|encodeURI|btoa)\s{0,3}\(\s{0,3}document\.cookie\s{0,3}\)|[=?/&]\$\{\s{0,3}document\.cookie\s{0,3}\}|(?:\bsendBeacon\s{0,3}\([^;]{0,160},|\.send\s{0,3}\()\s{0,3}document\.cookie(?![\w$]|\s{0,3}[.?[])/
/** All cookies under a name of their own, which is then sent as it is, or written for an address. */
const sendsNamed =
  /(?<![\w.$])(\w{1,30})\s{0,3}=\s{0,3}(?:(?:escape|encodeURIComponent|encodeURI|btoa)\s{0,3}\(\s{0,3})?document\.cookie(?![\w$]|\s{0,3}[.?[=])[\s\S]{0,2000}?(?:[=?/&]["'`]\s{0,3}\+\s{0,3}(?:\w{1,20}\s{0,3}\(\s{0,3}){0,2}|[=?/&]\$\{\s{0,3}(?:\w{1,20}\s{0,3}\(\s{0,3})?|\bbody\s{0,3}:\s{0,3}|\.send\s{0,3}\(\s{0,3})\1(?![\w$]|\s{0,3}[.?[=])/
const goes = String.raw`new\s+Image\b|\.src\s{0,3}=|location(?:\.href)?\s{0,3}=|fetch\s{0,3}\(`
const goesAnyhow = new RegExp(
  `${goes}|sendBeacon|\\.(?:send|get|post|ajax)\\s{0,3}\\(|location\\.(?:replace|assign)\\s{0,3}\\(|window\\.open\\s{0,3}\\(|document\\.write(?:ln)?\\s{0,3}\\([^;]{0,60}<(?:img|iframe|script)`,
)
const goesWithCookies = new RegExp(`(?:${goes})[^;]{0,160}document\\.cookie`)
/** Not with one that is picked out for a header, as a token against forged requests is. */
const goesWithAll = new RegExp(`(?:${goes})[^;]{0,160}document\\.cookie(?!\\s{0,3}\\.\\s{0,3}(?:match|split)\\b)`)
/** All cookies were kept, and something is written for an address: it may be them under another name. */
const keepsCookies = /(?:=|\breturn)\s{0,3}document\.cookie\s{0,3}[;,}\n]/
const goesEscaped = new RegExp(`(?:${goes})[^;]{0,160}\\bescape\\s{0,3}\\(`)
const escapesOwn = new RegExp(
  `(?:${goes})[^;]{0,160}\\bescape\\s{0,3}\\(\\s{0,3}(?!(?:window\\.|top\\.|self\\.)?(?:document|location|navigator|screen)\\b)\\w`,
)
const takesApart = /\.(?:split|match|indexOf|includes|substr\w{0,6}|slice)\s{0,3}\(/
/** What is short does little else than what is seen of it. */
const shortMax = 600

function watching(source: string): Signal[] {
  const found: Signal[] = []
  if (
    /onkey(?:press|down|up)\s{0,3}=|addEventListener\s{0,3}\(\s{0,3}["'`]key(?:press|down|up)/.test(source) &&
    /new\s+Image\b|sendBeacon|XMLHttpRequest|fetch\s{0,3}\(/.test(source) &&
    /fromCharCode|\.key\b|\.which|keyCode/.test(source) &&
    source.length < 6_000
  )
    found.push(signal('key_logging', source.length < 3_000 ? 'decisive' : 'strong', 'sends what is typed elsewhere'))
  if (!/document\.cookie/.test(source) || source.length >= 3_000) return found
  const cookies = cookieStrength(source)
  if (cookies !== null) found.push(signal('key_logging', cookies, 'sends cookies elsewhere'))
  return found
}

function cookieStrength(source: string): Strength | null {
  const isShort = source.length < shortMax
  if (goesAnyhow.test(source) && sendsCookies.test(source)) return 'decisive'
  // In what is longer one name may stand for two things.
  if (goesAnyhow.test(source) && sendsNamed.test(source)) return isShort ? 'decisive' : 'strong'
  if (source.length >= 2_000) return null
  if (goesWithCookies.test(source)) return isShort && goesWithAll.test(source) ? 'decisive' : 'strong'
  if (!keepsCookies.test(source) || !goesEscaped.test(source)) return null
  return isShort && escapesOwn.test(source) && !takesApart.test(source) ? 'decisive' : 'strong'
}
