import { hostsIn, isService } from './script-hosts.ts'
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

const run = String.raw`(?:\(\s{0,3}0\s{0,3},\s{0,3}(?:window\.)?(?:eval|Function)\s{0,3}\)|(?:window\.|self\.|this\.)?\beval|\bnew\s+Function|(?<![\w.$])Function)\s{0,3}\(`
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
  if (/getImageData/.test(source) && /fromCharCode/.test(source) && new RegExp(run).test(source))
    return [signal('decoded_execution', 'decisive', 'runs what it reads out of a picture')]
  const fetches = /XMLHttpRequest|\bfetch\s{0,3}\(/.test(source)
  if (!fetches || !isForeign(source)) return []
  const asks = /document\.referrer|navigator\.userAgent/.test(source)
  if (runsAnswer.test(source) || runsFetched.test(source))
    return [
      signal(
        'decoded_execution',
        gate.test(source) && source.length < injectedLengthMax ? 'decisive' : 'strong',
        'runs what it fetches from elsewhere',
      ),
    ]
  if (/responseText/.test(source) && source.length < 1_500 && runsCalled.test(source))
    return [signal('decoded_execution', 'decisive', 'runs what it fetches from elsewhere')]
  if (asks && source.length < injectedLengthMax && runsPassed.test(source))
    return [signal('decoded_execution', 'decisive', 'runs what it fetches from elsewhere')]
  return []
}
