import { clipboardBait } from './script-bait.ts'
import { literalsOf, type Revealed, revealedBy, unescaped } from './script-decode.ts'
import { lowered } from './script-doorkeeper.ts'
import { hostsIn, isOddHost, isService } from './script-hosts.ts'
import { blobs, obfuscation } from './script-obfuscation.ts'
import { remoteCode } from './script-remote.ts'
import { type Signal, type Strength, signal } from './script-signal.ts'
import { theft } from './script-theft.ts'

/** Of one script. What is longer is looked at by its beginning and its end, where somebody else's code is put. */
const sourceLengthMax = 400_000
const headLength = 250_000
/** Payloads hide payloads; deeper than this nobody was seen to go. */
const depthMax = 3

/** What a script does that honest scripts do not, or seldom do. Reads it only; nothing is run. */
export function signalsOf(script: string): Signal[] {
  const source = withinLimit(script)
  return distinct(signalsAt(source, 0))
}

const withinLimit = (script: string): string =>
  script.length <= sourceLengthMax
    ? script
    : `${script.slice(0, headLength)}\n${script.slice(script.length - (sourceLengthMax - headLength))}`

function signalsAt(source: string, depth: number): Signal[] {
  const named = unescapedNames(source)
  const revealed = revealedBy(named, literalsOf(named))
  const code = glued(named)
  const literals = literalsOf(code)
  const found: Signal[] = [
    ...obfuscation(source),
    ...blobs(code, literals),
    ...execution(code, revealed),
    ...remoteCode(code),
    ...clipboardBait(code, revealed),
    ...actions(code),
    ...theft(code),
    ...habits(code),
  ]
  if (depth < depthMax) for (const each of revealed) found.push(...hidden(each, code, depth))
  return [...lowered(source, revealed, found)]
}

/** window["\x65\x76\x61\x6c"] and window["eval"] are window.eval. */
const unescapedNames = (source: string): string =>
  source.replace(/\[\s{0,3}(["'])((?:\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\w){1,120})\1\s{0,3}\]/gi, (_, _quote, name: string) => {
    const plain = unescaped(name)
    return /^[A-Za-z_$][\w$]*$/.test(plain) ? `.${plain}` : `["${plain.replace(/["\\\n]/g, '')}"]`
  })

/** 'cc_' + 'number' is 'cc_number', and `cc_${'number'}` too. */
export const glued = (source: string): string =>
  source
    .replace(/(["'])\s{0,3}\+\s{0,3}\1/g, '')
    .replace(
      /\$\{\s{0,3}(?:"([^"`\\\n]{0,60})"|'([^'`\\\n]{0,60})')\s{0,3}\}/g,
      (_, double?: string, single?: string) => double ?? single ?? '',
    )

function distinct(signals: readonly Signal[]): Signal[] {
  const byKey = new Map<string, Signal>()
  for (const signal of signals) {
    const known = byKey.get(signal.family)
    if (!known || rank[signal.strength] > rank[known.strength]) byKey.set(signal.family, signal)
  }
  return [...byKey.values()].sort((a, b) => rank[b.strength] - rank[a.strength])
}

const rank = { weak: 0, strong: 1, decisive: 2 } as const satisfies Record<Strength, number>

const mail = /mailto:|^[\w.+-]+@[\w-]+\.[\w.-]+$/i
const codeLike =
  /createElement|appendChild|insertBefore|document\s{0,3}\.\s{0,3}(?:write|cookie|location|body|head)|<script|<iframe|\beval\s{0,3}\(|window\.location|location\s{0,3}(?:\.href\s{0,3})?=|XMLHttpRequest|new Image|sendBeacon|new WebSocket|importScripts|getElementsByTagName|addEventListener|function\s{0,3}\w{0,40}\s{0,3}\(|=>\s{0,3}\{/i
const isCode = (text: string): boolean =>
  codeLike.test(text) && !(mail.test(text) && !/<script|<iframe|createElement/i.test(text))
const isAddress = (text: string): boolean => /^(?:https?:|wss?:)?\/\/[\w-]+\.[\w.-]{2,}/i.test(text.trim())
const isTellingWord = (text: string): boolean =>
  /^(?:script|text\/javascript|head|body|iframe|createElement|appendChild|getElementsByTagName|insertBefore|eval|src|location|atob|fromCharCode|document|window|addEventListener|XMLHttpRequest|ActiveXObject|unescape|write|constructor)$/.test(
    text.trim(),
  )

/** What one hidden text says about the script that hides it. */
function hidden(revealed: Revealed, source: string, depth: number): Signal[] {
  const { via, text } = revealed
  const how = ways[via]
  const inner = isCode(text) || text.length > 40 ? signalsAt(text, depth + 1) : []
  const serious = inner.filter((each) => each.strength === 'decisive')
  if (via === 'packed')
    return [
      signal('packed', 'strong', how),
      ...serious,
      ...(wroteElsewhere(text) ? [signal('decoded_execution', 'decisive', `${how}: loads code or a frame from elsewhere`)] : []),
    ]
  if (mail.test(text) && !isCode(text)) return []
  if (isCode(text))
    return [signal('hidden_text', isUsual(via) ? decodedStrength(source) : 'decisive', `${how}: code`), ...serious]
  if (isAddress(text)) return [signal('hidden_text', addressStrength(via, source), `${how}: an address`)]
  if (isTellingWord(text) && !isUsual(via))
    return [signal('hidden_text', via === 'percent' ? 'strong' : 'decisive', `${how}: ${text.trim().slice(0, 20)}`)]
  if (via === 'joined')
    return [signal('hidden_text', /^https?:/i.test(text) ? 'strong' : 'decisive', `${how}: ${text.slice(0, 40)}`)]
  if (via === 'junk' || via === 'reversed') return [signal('hidden_text', 'strong', how)]
  return serious
}

const ways = {
  char_codes: 'written as character codes',
  base64: 'written in base64',
  percent: 'written in percent codes',
  hex: 'written in escapes',
  reversed: 'written backwards',
  joined: 'cut into pieces',
  junk: 'mixed with junk',
  packed: 'packed by a tool',
  shifted: 'written in a cipher',
} as const satisfies Record<Revealed['via'], string>

/** Ways in which honest scripts write settings or addresses, too. */
const isUsual = (via: Revealed['via']): boolean => via === 'base64' || via === 'shifted'

const runs =
  /\beval\b|\bexecScript\b|\bnew\s+Function\b|(?<!\.)\bFunction\s{0,3}\(|\.constructor\s{0,3}\(|createElement\s{0,3}\(\s{0,3}["'`]?script|document\.write|location\s{0,3}(?:\.href)?\s{0,3}=[^=]|location\.(?:replace|assign)|\.innerHTML|insertAdjacentHTML|["']text\/javascript|["'`]script["'`]/
const decodedStrength = (source: string): Strength => (runs.test(source) ? 'decisive' : 'strong')

function addressStrength(via: Revealed['via'], source: string): Strength {
  if (via === 'percent') return 'strong'
  if (isUsual(via) || via === 'joined') return runs.test(source) || /new WebSocket/.test(source) ? 'decisive' : 'strong'
  return 'decisive'
}

/** Packed code that brings something from another host, in a frame, a script or by leading away. */
const wroteElsewhere = (text: string): boolean =>
  hostsIn(text).some((host) => !isService(host)) &&
  (/<script|<iframe|createElement\s{0,3}\(\s{0,3}\\?["'](?:script|iframe)|new Element\s{0,3}\(\s{0,3}\\?["']script|getScript|document\.write/i.test(
    text,
  ) ||
    (/\\?["']script\\?["']/.test(text) && /createElement/.test(text)) ||
    /location\s{0,3}(?:\.href)?\s{0,3}=\s{0,3}\\?["']https?:|location\.(?:replace|assign)\(\s{0,3}\\?["']https?:/i.test(text))

/** eval(atob(…)), new Function(unescape(…)): decoding and running in one breath. */
function execution(source: string, revealed: readonly Revealed[]): Signal[] {
  const onlyMail =
    revealed.length > 0 && revealed.every(({ text }) => mail.test(text) && !/<script|<iframe|createElement/i.test(text))
  if (onlyMail) return []
  const breath =
    /(?:\beval|\bexecScript|\bFunction|set(?:Timeout|Interval))\s{0,3}\(\s{0,3}(?:(?:["'][^"'\n]{0,40}["']\s{0,3},\s{0,3})|(?:window|self|this|globalThis)\.)?(?:atob|unescape|decodeURI(?:Component)?|String\.fromCharCode)\s{0,3}\(/
  const decoded = breath.exec(source)
  if (decoded) {
    const argument = source.slice(decoded.index + decoded[0].length, decoded.index + decoded[0].length + 60)
    // What another script was given to run later is handed on by optimisers in the same way.
    const isOwn = /^\s{0,3}(?:["'`\d]|[\w$]{1,40}\s{0,3}[)[(+]|this\.(?:dataset|getAttribute|alt|id|title|name)\b)/.test(argument)
    return [signal('decoded_execution', isOwn ? 'decisive' : 'strong', 'decodes text and runs it')]
  }
  if (
    /(?:^|[^.\w$])(?:window\.|self\.|this\.)?(?:eval|execScript)\s{0,3}\(\s{0,3}\w{1,40}\.(?:replace|split|reverse)\s{0,3}\(/.test(
      source,
    )
  )
    return [signal('decoded_execution', 'strong', 'rewrites text and runs it')]
  if (
    /(?:^|[^.\w$]|this\.|window\.|self\.)eval\s{0,3}\(\s{0,3}(?:"(?:[^"\\\n]|\\.){16,60000}"|'(?:[^'\\\n]|\\.){16,60000}')\s{0,3}\.\s{0,3}(?:replace|split)\s{0,3}\(/.test(
      source,
    )
  )
    return [signal('decoded_execution', 'decisive', 'rewrites text and runs it')]
  const led = leadsToDecoded.exec(source)
  if (led) {
    const argument = source.slice(led.index + led[0].length, led.index + led[0].length + 80)
    // Links are hidden from robots in this way until somebody clicks on them.
    const isLink =
      /^\s{0,3}(?:(?:this|(?:e|evt?|event)\.(?:target|currentTarget))\.(?:dataset|getAttribute)\b|\$\(\s{0,3}this\s{0,3}\)\.(?:data|attr)\b)/.test(
        argument,
      )
    const isHidden = /^\s{0,3}(?:["'`]|[\w$]{1,40}\s{0,3}\.\s{0,3}(?:join|reverse|split|replace)\s{0,3}\()/.test(argument)
    if (!isLink) return [signal('decoded_execution', isHidden ? 'decisive' : 'strong', 'leads to an address that it decodes')]
  }
  if (/\.src\s{0,3}=\s{0,3}(?:window\.)?atob\s{0,3}\(\s{0,3}["']|\$\.getScript\s{0,3}\(\s{0,3}(?:window\.)?atob/.test(source))
    return [signal('decoded_execution', 'decisive', 'leads to an address that it decodes')]
  return []
}

const leadsToDecoded =
  /location(?:\.href)?\s{0,3}=\s{0,3}(?:window\.)?atob\s{0,3}\(|location\.(?:replace|assign)\s{0,3}\(\s{0,3}(?:window\.)?atob\s{0,3}\(/

const hiddenStyle =
  /(?:width|height)\s{0,3}[=:]\s{0,3}\\?["']?[01](?:px)?(?:\\?["']|[\s;,>}]|$)|display\s{0,3}[:=]\s{0,3}\\?["']?\s{0,3}none|visibility\s{0,3}[:=]\s{0,3}\\?["']?\s{0,3}hidden|(?:left|top|text-indent)\s{0,3}[:=]\s{0,3}\\?["']?\s{0,3}-\d{3,}|opacity\s{0,3}[:=]\s{0,3}\\?["']?\s{0,3}0(?:\D|$)/i

const opensOnAnyClick =
  /(?:document(?:\.body|\.documentElement)?|window|\$\s{0,3}\(\s{0,3}(?:document|window|["']body["'])\s{0,3}\))\s{0,3}\.\s{0,3}(?:addEventListener|on|one|click)\s{0,3}\(\s{0,3}(?:["'](?:click|mousedown|mouseup|touchstart|touchend)|function)[\s\S]{0,3000}?window\.open\s{0,3}\(|window\.open\s{0,3}\([\s\S]{0,3000}?(?:document(?:\.body)?|window)\s{0,3}\.\s{0,3}(?:addEventListener\s{0,3}\(\s{0,3}["']|on)(?:click|mousedown|touchstart)/

/** What a script does to the page or to its visitor. */
function actions(source: string): Signal[] {
  const found: Signal[] = []
  const frame =
    /document\.write(?:ln)?\s{0,3}\(\s{0,3}(?:unescape\s{0,3}\(\s{0,3})?(["'`])(?:[^()]{0,200}?|(?:(?!\1)[\s\S]){0,300}?|[\s\S]{0,40}?)<(?:iframe|embed|object)[^>]{0,600}/i.exec(
      source,
    )
  const isFrameHidden = (tag: RegExpExecArray): boolean =>
    hiddenStyle.test(tag[0]) ||
    (/<iframe/i.test(tag[0]) && hiddenStyle.test(source.slice(tag.index, tag.index + tag[0].length + 600)))
  if (frame && isForeign(frame[0]) && isFrameHidden(frame))
    found.push(
      signal(
        'hidden_frame',
        hostsIn(frame[0]).some(isOddHost) || /\.(?:cgi|php)\b/.test(frame[0]) ? 'decisive' : 'strong',
        'writes a frame from elsewhere that cannot be seen',
      ),
    )
  if (
    source.length < 20_000 &&
    /createElement\s{0,3}\(\s{0,3}["'`]iframe/i.test(source) &&
    hiddenStyle.test(source) &&
    isForeign(source)
  )
    found.push(signal('hidden_frame', 'weak', 'makes a frame that cannot be seen'))
  if (
    source.length < 20_000 &&
    /["'`][^"'`]{0,40}<iframe\b/i.test(source) &&
    /opacity\s{0,3}:\s{0,3}0(?![.\d])|(?:left|top)\s{0,3}:\s{0,3}-\d{3,}/.test(source) &&
    /navigator\.userAgent/.test(source) &&
    /document\.cookie/.test(source) &&
    isForeign(source)
  )
    found.push(signal('hidden_frame', 'decisive', 'shows some visitors a frame that cannot be seen'))
  const search = /document\.referrer/.test(source) && /google|bing\.|yahoo|yandex|baidu|duckduckgo/i.test(source)
  const leaves = /location(?:\.href)?\s{0,3}=\s{0,3}["'`]https?:|location\.(?:replace|assign)\s{0,3}\(\s{0,3}["'`]https?:/.test(
    source,
  )
  const asks = /document\.cookie|navigator\.userAgent|localStorage/.test(source)
  if (search && leaves && source.length < 20_000)
    found.push(signal('redirect', asks ? 'decisive' : 'strong', 'leads visitors from search engines elsewhere'))
  else if (leaves && source.length < 1_500) found.push(signal('redirect', 'weak', 'leads elsewhere'))
  const refresh =
    /document\.write(?:ln)?\s{0,3}\([^()]{0,60}<meta[^>]{0,60}refresh[^>]{0,100}url=\s{0,3}(?:https?:)?\/\/[^>]{0,200}/i.exec(
      source,
    )
  // Where a site leads its visitors to its own other host, the host is known; the signal alone says nothing.
  if (refresh && isForeign(refresh[0]))
    found.push(signal('redirect', hostsIn(refresh[0]).some(isOddHost) ? 'strong' : 'weak', 'leads elsewhere'))
  if (
    source.length < 6_000 &&
    opensOnAnyClick.test(source) &&
    /localStorage|sessionStorage|document\.cookie|\.blur\s{0,3}\(/.test(source) &&
    isForeign(source)
  )
    found.push(signal('redirect', 'strong', 'opens another page wherever one clicks'))
  const machine = machineStrength(source)
  if (machine) found.push(signal('dropper', machine, "reaches for the visitor's own machine"))
  if (
    /user-new\.php|plugin-install\.php\?|plugin-editor\.php|theme-editor\.php|createuser/.test(source) &&
    /XMLHttpRequest|fetch\s{0,3}\(|\.(?:ajax|post)\s{0,3}\(/.test(source) &&
    /nonce/.test(source)
  )
    found.push(signal('admin_abuse', 'decisive', "uses an administrator's session"))
  if (
    source.length < 60_000 &&
    /bsc-dataseed|eth_call|binance\.org|polygon-rpc|ankr\.com\/(?:bsc|polygon)/.test(source) &&
    /\beval\b|\bFunction\s{0,3}\(|\batob\b/.test(source)
  )
    found.push(signal('chain_payload', 'decisive', 'fetches its code from a block chain'))
  return found
}

/** Objects that nothing on a page needs, by name. */
const namesMachine =
  /(?:ActiveXObject|(?<!=\s{0,3})\bCreateObject)\s{0,3}\(\s{0,3}["'`](?:WScript\.Shell|ADODB\.Stream|Shell\.Application)|WScript\.(?:CreateObject|Sleep|Quit|ScriptFullName|Echo)\b/i
const assigned = /=\s{0,3}CreateObject\s{0,3}\(\s{0,3}\\?["'`]{1,2}(?:WScript\.Shell|ADODB\.Stream|Shell\.Application)/gi

function machineStrength(source: string): Strength | null {
  if (namesMachine.test(source)) return 'decisive'
  if (
    /WScript\.Shell|ADODB\.Stream|Shell\.Application/i.test(source) &&
    (source.length < 10_000
      ? /\bActiveXObject\s{0,3}\(|\bCreateObject\s{0,3}\(\s{0,3}[\w$]|\bGetObject\s{0,3}\(\s{0,3}[\w$"']/.test(source)
      : /\bActiveXObject\s{0,3}\(/.test(source) && /\.(?:Run|Exec)\s{0,3}\(|\.(?:ShellExecute|[Ss]aveToFile)\b/.test(source))
  )
    return 'decisive'
  // Pages that teach it show it in a text or a comment, and let nobody run it; old libraries ask a shell where to save.
  const runsText = /vbscript|execScript|\bexecute(?:global)?\b|\beval\s{0,3}\(\s{0,3}["'`]/i.test(source)
  let strength: Strength | null = null
  for (const { index } of source.matchAll(assigned)) {
    const after = source.slice(index, index + 400)
    const onlyReads = /RegRead/i.test(after) && !/\.\s{0,3}(?:Run|Exec|ShellExecute|SaveToFile)\b/i.test(after)
    if (!isShown(source.slice(Math.max(0, index - 300), index)) || (runsText && !onlyReads)) return 'decisive'
    if (runsText) strength = 'strong'
  }
  return strength
}

/** Whether the last line of what stands before something leaves it in a comment or a text. */
function isShown(before: string): boolean {
  const line = before.split('\n').at(-1) ?? ''
  return /^\s{0,40}(?:\/[/*]|\*|'|rem\b)/i.test(line) || /["'`]/.test(line.replace(/(["'`])(?:(?!\1).){0,200}\1/g, ''))
}

const isForeign = (text: string): boolean => hostsIn(text).some((host) => !isService(host))

/** What honest scripts do as well. */
function habits(source: string): Signal[] {
  const found: Signal[] = []
  if (/document\.write(?:ln)?\s{0,3}\(\s{0,3}[\w.]{1,40}\.response(?:Text)?\s{0,3}\)/.test(source))
    found.push(signal('document_write', 'weak', 'writes what it fetches into the page'))
  if (/(?:^|[^.\w$])eval\s{0,3}\(|\bnew\s+Function\s{0,3}\((?!\s{0,3}["']return this["'])|execScript\s{0,3}\(/.test(source))
    found.push(signal('eval', 'weak', 'runs text as code'))
  if (
    /document\.write(?:ln)?\s{0,3}\([\s\S]{0,200}(?:<|%3c|\\x3c|\\u003c)\s{0,3}["'+ ]{0,6}s["'+ ]{0,6}c["'+ ]{0,6}r["'+ ]{0,6}i["'+ ]{0,6}p["'+ ]{0,6}t/i.test(
      source,
    )
  )
    found.push(signal('document_write', 'weak', 'writes a script into the page'))
  // Tools that put scripts off bring back those that stand in the page: what they make, they fill from what they found.
  const isOwn =
    (/base64,["'`]\s{0,3}\+\s{0,3}(?:window\.)?btoa/i.test(source) ||
      (/["'`]script\[|rocketlazyload/i.test(source) &&
        /\.(?:src|text|textContent|innerHTML)\s{0,3}=\s{0,3}[\w$]{1,20}\.(?:dataset|src|text|textContent|innerHTML|getAttribute)\b|\.attributes\b|cloneNode|setAttribute\s{0,3}\(\s{0,3}[\w$]{1,20}\.(?:name|nodeName)\b/.test(
          source,
        ))) &&
    !isForeign(source)
  if (
    (!isOwn && /createElement\s{0,3}\(\s{0,3}["'`]script/i.test(source)) ||
    (!isOwn && /["'`]script["'`]/i.test(source) && /\.createElement\s{0,3}\(/.test(source)) ||
    /\$\.getScript|\bimportScripts\s{0,3}\(|\bimport\s{0,3}\(\s{0,3}["'`]https?:/.test(source) ||
    (/<script\b/i.test(source) &&
      /(?:\.(?:append|prepend|html|after|before)|insertAdjacentHTML|(?:\$|jQuery)|\.innerHTML\s{0,3}\+?=)\s{0,3}\(?\s{0,3}(?:["']\w{1,20}["']\s{0,3},\s{0,3})?["'`][^"'`]{0,40}<script\b/i.test(
        source,
      ))
  )
    found.push(signal('loader', 'weak', 'loads a script'))
  if (
    /document\.write(?:ln)?\s{0,3}\([\s\S]{0,80}<(?:div|span|p|ul|marquee)[^>]{0,200}(?:display\s{0,3}:\s{0,3}none|-\d{3,}px|visibility\s{0,3}:\s{0,3}hidden)/i.test(
      source,
    ) ||
    (/getElementById\s{0,3}\([^)]{1,60}\)\.style\.(?:display\s{0,3}=\s{0,3}["']none|visibility\s{0,3}=\s{0,3}["']hidden|left\s{0,3}=\s{0,3}["']-\d{3,})/.test(
      source,
    ) &&
      source.length < 400)
  )
    found.push(signal('hidden_link', 'weak', 'hides a part of the page'))
  if (hostsIn(source).some(isOddHost)) found.push(signal('odd_host', 'weak', 'an unusual host'))
  const asks = [
    /navigator\.userAgent/,
    /document\.referrer/,
    /document\.cookie/,
    /localStorage/,
    /navigator\.webdriver|devtools|outerHeight\s{0,3}-\s{0,3}window\.innerHeight|\bdebugger\b/,
  ].filter((each) => each.test(source))
  if (asks.length >= 2 && source.length < 30_000) found.push(signal('gating', 'weak', 'asks who the visitor is'))
  if (/\batob\b|\bunescape\s{0,3}\((?!\s{0,3}["']%3C)|fromCharCode|charCodeAt|(?:\\x[0-9a-f]{2}){4}/i.test(source))
    found.push(signal('encoding', 'weak', 'decodes text'))
  return found
}
