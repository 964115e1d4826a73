import { hostsIn, isCampaign, isMiner, isService } from './script-hosts.ts'
import { type Signal, signal } from './script-signal.ts'

const cardWords =
  /card[-_ ]?(?:num|no\b|holder|cvc|cvv|exp)|cc[-_]?(?:num|number|cid|cvv|exp|owner|type|month|year)|\bcvv2?\b|\bcvc2?\b|creditcard|credit[-_]card|payment\[cc|security[-_]?code|expir(?:y|ation)|authorizenet|braintree|ccsave/gi
const collects =
  /querySelectorAll\s{0,3}\(\s{0,3}["'][^"']{0,80}(?:input|select|textarea|form)|getElementsByTagName\s{0,3}\(\s{0,3}["'](?:input|select|form|textarea)|document\.forms|\.serialize(?:Array)?\s{0,3}\(|\.elements\b|\$\s{0,3}\(\s{0,3}["'](?:input|form|select)|getElementById\s{0,3}\([^)]{1,60}\)\.value|\.value\b/
const listens =
  /addEventListener|\.on(?:click|submit|change|blur|key\w+|mouse\w+)\s{0,3}=|\.on\s{0,3}\(|setInterval|\.(?:submit|click|change|blur|keyup)\s{0,3}\(|onreadystatechange/
const beacon =
  /new\s+Image\b|createElement\s{0,3}\(\s{0,3}["']img|sendBeacon|XMLHttpRequest|\bfetch\s{0,3}\(|\.(?:post|ajax|get)\s{0,3}\(|new\s+WebSocket/
const wraps = /\bbtoa\b|JSON\.stringify|encodeURIComponent|escape\s{0,3}\(|base64|\.charCodeAt/

/** Cards, keys and sessions on their way to somebody else. */
export function theft(source: string): Signal[] {
  const found: Signal[] = []
  const hosts = hostsIn(source)
  const miner = hosts.find(isMiner)
  if (miner !== undefined && new Set(hosts.filter(isMiner)).size < 5) found.push(signal('miner', 'decisive', miner))
  if (
    /new\s+(?:CoinHive|CryptoLoot|CRLT|CoinImp|deepMiner|WMP|JSEcoin|PPoi|ProjectPoi|EverythingIsLife)\b|\bClient\.(?:Anonymous|User)\s{0,3}\(|\bEverythingIsLife\s{0,3}\(|stratum\+(?:tcp|ssl):|cryptonight[-_]?(?:wasm|asmjs|worker|hash)/i.test(
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
  const cards = new Set(source.match(cardWords)?.map((word) => word.toLowerCase().replace(/[-_ ]/g, '')))
  const sends = beacon.test(source)
  const foreign = hosts.some((host) => !isService(host))
  if (
    cards.size >= 2 &&
    sends &&
    listens.test(source) &&
    collects.test(source) &&
    wraps.test(source) &&
    (foreign || /\batob\b|fromCharCode/.test(source))
  )
    found.push(signal('card_theft', 'decisive', 'reads card fields and sends them elsewhere'))
  else if (
    /checkout|onepage|onestep|firecheckout|billing/i.test(source) &&
    /(?:input|select|textarea)/.test(source) &&
    sends &&
    /\bbtoa\b|base64/i.test(source) &&
    /\.value\b/.test(source) &&
    (foreign || /\batob\b/.test(source))
  )
    found.push(signal('card_theft', 'decisive', 'reads the fields of a checkout and sends them elsewhere'))
  if (
    /onkey(?:press|down|up)\s{0,3}=|addEventListener\s{0,3}\(\s{0,3}["']key(?:press|down|up)/.test(source) &&
    /new\s+Image\b|sendBeacon|XMLHttpRequest|fetch\s{0,3}\(/.test(source) &&
    /fromCharCode|\.key\b|\.which|keyCode/.test(source) &&
    foreign &&
    source.length < 6_000
  )
    found.push(signal('key_logging', source.length < 3_000 ? 'decisive' : 'strong', 'sends what is typed elsewhere'))
  if (
    /document\.cookie/.test(source) &&
    /(?:new\s+Image\b|\.src\s{0,3}=|location(?:\.href)?\s{0,3}=|fetch\s{0,3}\()[^;]{0,160}(?:document\.cookie|escape\s{0,3}\()/.test(
      source,
    ) &&
    foreign &&
    source.length < 2_000
  )
    found.push(signal('key_logging', source.length < 600 ? 'decisive' : 'strong', 'sends cookies elsewhere'))
  return found
}
