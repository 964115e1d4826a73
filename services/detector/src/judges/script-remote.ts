import { hostsIn, isOddHost, isService } from './script-hosts.ts'
import { type Signal, signal } from './script-signal.ts'

/** What is longer is an application, which may well hold all of this somewhere. */
const lengthMax = 30_000

const isForeign = (text: string): boolean => hostsIn(text).some((host) => !isService(host))
/** Who asks this before it runs something from elsewhere does not want to be seen by everybody. */
const gate = /document\.referrer|navigator\.userAgent|document\.cookie|checkout|onepage/
/** Loaders of modules fetch and run by trade, and are longer. */
const injectedLengthMax = 6_000
/** Of what is longer, the two may have nothing to do with each other. */
const spellingLengthMax = 10_000

/** The least of these, where nobody looks at how long the rest is: what was heard is run at once. */
const heard = String.raw`(?:function\s{0,3}\w{0,20}\s{0,3}\(\s{0,3}\w{1,20}\s{0,3}\)|\(?\s{0,3}\w{1,20}\s{0,3}\)?\s{0,3}=>)\s{0,3}\{?[^}]{0,120}`
const runsHeard = new RegExp(String.raw`onmessage\s{0,3}=\s{0,3}${heard}(?:\beval|\bFunction)\s{0,3}\(`)
const runsListened = new RegExp(String.raw`["']message["']\s{0,3},\s{0,3}${heard}(?:\beval|\bFunction)\s{0,3}\(`)

const run = String.raw`(?:\(\s{0,3}0\s{0,3},\s{0,3}(?:window\.)?(?:eval|Function)\s{0,3}\)|(?:window\.|self\.|this\.)?\beval|\bnew\s+Function|(?<![\w.$])Function)\s{0,3}\(`
/** Of a name: the usual way to the global object runs a text that stands there to be read. */
const runsNamed = new RegExp(`${run}\\s{0,3}[\\w$]`)
const runsMessage = new RegExp(`${run}\\s{0,3}[\\w$]{1,30}(?:\\.data)?\\s{0,3}\\)`)
const runsAnswer = new RegExp(`${run}\\s{0,3}[\\w$.]{0,40}\\.?(?:responseText|response)\\s{0,3}\\)`)
const runsFetched = new RegExp(
  `\\.then\\s{0,3}\\(\\s{0,3}(?:window\\.)?eval\\s{0,3}\\)|\\.text\\s{0,3}\\(\\s{0,3}\\)[^]{0,60}?(?:=>|\\)\\s{0,3}\\{)\\s{0,3}\\{?\\s{0,3}(?:return\\s{0,3})?${run}`,
)
const runsPassed = new RegExp(
  `function\\s{0,3}\\w{0,20}\\s{0,3}\\(\\s{0,3}(\\w{1,20})\\s{0,3}\\)\\s{0,3}\\{[^{}]{0,120}?${run}\\s{0,3}\\1\\s{0,3}\\)`,
)

const runsTail = new RegExp(`${run}\\s{0,3}[\\w$.]{0,40}responseText\\s{0,3}\\.\\s{0,3}(?:slice|substr|substring|split|match)\\b`)
/** A text grows letter by letter, and is run. */
const spells =
  /\+=\s{0,3}(?:\w{1,20}\s{0,3}\.\s{0,3})?fromCharCode\s{0,3}\(|=\s{0,3}\w{1,20}\s{0,3}\+\s{0,3}String\s{0,3}\.\s{0,3}fromCharCode\s{0,3}\(|fromCharCode\s{0,3}\(\s{0,3}parseInt\s{0,3}\(/
const runsText = new RegExp(
  `${run}\\s{0,3}[\\w$]{1,30}\\s{0,3}\\)|${run}\\s{0,3}(?:\\[\\s{0,3}\\.\\.\\.|["'\`][\\s\\S]{0,3000}?["'\`]\\s{0,3}\\.\\s{0,3}(?:replace|split|match)\\b)`,
)
const runsCalled = new RegExp(`${run}\\s{0,3}[\\w$]{1,30}\\s{0,3}\\(\\s{0,3}\\)\\s{0,3}\\)`)
/** Which tag it is, or what stands in the script, is spelled. */
const writesTag = /document\.write(?:ln)?\s{0,3}\(\s{0,3}["'`]<(?:script[^"'`]{0,60}>)?["'`]\s{0,3}\+\s{0,3}[\w$]/
const readsElement = /getElementById\s{0,3}\([^()]{1,80}\)\s{0,3}\.\s{0,3}(?:value|innerHTML|innerText|textContent|title)\b/

/** Code that the script fetches, or decodes, and runs: nothing of what it does stands in it. */
export function remoteCode(source: string): Signal[] {
  if (/new\s{1,3}WebSocket/.test(source)) {
    if (runsHeard.test(source)) return [signal('decoded_execution', 'decisive', 'runs what a socket sends')]
    // In what is as long as that, the listener may be another's.
    if (source.length > lengthMax && runsListened.test(source))
      return [signal('decoded_execution', 'strong', 'runs what a socket sends')]
  }
  if (source.length > lengthMax) return []
  if (
    readsElement.test(source) &&
    spells.test(source) &&
    /document\.write(?:ln)?\s{0,3}\(\s{0,3}[\w$]{1,40}\s{0,3}[()]|\.constructor\s{0,3}\(\s{0,3}[\w$]{1,30}\s{0,3}\)/.test(source)
  )
    return [signal('decoded_execution', 'decisive', 'runs what it decodes out of the page')]
  if (source.length < spellingLengthMax && spells.test(source) && writesTag.test(source))
    return [signal('decoded_execution', 'decisive', 'spells a text and writes it into the page')]
  if (!/\beval\b|\bFunction\b/.test(source)) return []
  if (runsTail.test(source)) return [signal('decoded_execution', 'decisive', 'runs what it reads out of a picture')]
  if (source.length < spellingLengthMax && spells.test(source) && runsText.test(source))
    return [signal('decoded_execution', 'decisive', 'spells a text and runs it')]
  if (/new\s+WebSocket/.test(source) && /onmessage|["']message["']/.test(source) && runsMessage.test(source))
    return [signal('decoded_execution', 'decisive', 'runs what a socket sends')]
  if (/getImageData/.test(source) && /fromCharCode/.test(source) && runsNamed.test(source))
    return [signal('decoded_execution', 'decisive', 'runs what it reads out of a picture')]
  const fetches = /XMLHttpRequest|\bfetch\s{0,3}\(/.test(source)
  if (!fetches || !isForeign(source)) return []
  if (/responseText/.test(source) && source.length < 1_500 && runsCalled.test(source))
    return [signal('decoded_execution', 'decisive', 'runs what it fetches from elsewhere')]
  const runsIt = runsAnswer.test(source) || runsFetched.test(source)
  const passesIt =
    source.length < injectedLengthMax && /document\.referrer|navigator\.userAgent/.test(source) && runsPassed.test(source)
  if (!runsIt && !passesIt) return []
  // Where a site keeps its own files is not known here: only who hides it from some, or rents odd hosts, is surely no friend.
  const isHiding = source.length < injectedLengthMax && gate.test(source) && (isGated(source) || hostsIn(source).some(isOddHost))
  return [signal('decoded_execution', isHiding ? 'decisive' : 'strong', 'runs what it fetches from elsewhere')]
}

const asksFor = String.raw`(?:\bfetch\s{0,3}\(|\.(?:open|send)\s{0,3}\(|XMLHttpRequest)`
const thenAsks = new RegExp(
  String.raw`^[^;{}]{0,160}(?:\{[^}]{0,400}?|[^;{}]{0,200}?)${asksFor}|^[^;{}]{0,160}\{?\s{0,10}return\s{0,3}[;}][^]{0,500}?${asksFor}`,
)
/** What follows a comma is asked for in any case. */
const orAsks = new RegExp(
  String.raw`^[^;{}]{0,200}?(?:&&|\|\||\?)\s{0,3}\(?\s{0,3}(?:[\w$]{1,20}\s{0,3}=?\s{0,3})?(?:new\s{1,3})?${asksFor}`,
)

/** Whether what `gate` knows decides if anything is fetched. It may also stand there for other reasons. */
function isGated(source: string): boolean {
  for (const { 0: asked, index } of source.matchAll(new RegExp(gate, 'g'))) {
    const before = source.slice(Math.max(0, index - 200), index)
    const after = source.slice(index + asked.length, index + asked.length + 800)
    const condition = /\bif\s{0,3}(\([^;{}]{0,200})$/.exec(before)?.[1]
    if (condition !== undefined && isOpen(condition) && thenAsks.test(after)) return true
    if (orAsks.test(after)) return true
  }
  return false
}

const isOpen = (text: string): boolean => text.split('(').length > text.split(')').length
