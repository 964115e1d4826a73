import { type Signal, signal } from './script-signal.ts'

const copies = /clipboard\s{0,3}\.\s{0,3}writeText|execCommand\s{0,3}\(\s{0,3}["'`]copy|clipboardData\)?\s{0,3}\.\s{0,3}setData/
const begins = String.raw`(?:^|["'\`;&|]|=\s?)\s{0,3}`
/** What no page has a reason to make visitors run, whatever it is called: it hides its window or what it does, or runs what lies elsewhere. */
const hiddenCommand = new RegExp(
  `${begins}(?:(?:powershell|pwsh)(?:\\.exe)?\\s[^"'\`]{0,200}-(?:w(?:indowstyle)?\\s{1,3}(?:h\\b|hidden|1)|e(?:nc\\w{0,12})?\\s)|(?:mshta|conhost|wscript|rundll32|bitsadmin)(?:\\.exe)?\\s)`,
  'i',
)
/** What says nothing of itself, or is made to fetch programs; installers are told to be run in this way, too. */
const oddCommand = new RegExp(
  `${begins}(?:(?:powershell|pwsh)(?:\\.exe)?\\s[^"'\`]{0,200}-(?:nop\\b|noprofile|ep?\\s{1,3}bypass)|(?:msiexec|certutil)(?:\\.exe)?\\s|cmd(?:\\.exe)?\\s{1,3}\\/c\\s)`,
  'gi',
)
const windowsCommand = new RegExp(`${begins}(?:powershell|pwsh)(?:\\.exe)?\\s`, 'gi')
const shellCommand = new RegExp(
  `${begins}(?:(?:bash|\\/bin\\/bash|sh)(?:\\.exe)?\\s|curl\\s[^"'\`|]{1,200}\\|\\s{0,3}(?:sudo\\s)?(?:ba|z)?sh\\b|echo\\s[^"'\`]{0,200}\\|\\s{0,3}base64\\s[^"'\`]{0,60}\\|)`,
  'gi',
)
/** The address of an installer, as projects give it; a word of installing behind the command is for the reader. */
const installs =
  /[\w-]\/(?:[\w.~-]{1,40}\/){0,6}(?:\w{1,20}[-_])?install(?:er)?(?:[-_]\w{1,20})?(?:\.(?:sh|bash|ps1|py))?(?=[\s|"'`)?\\]|$)|\bmsiexec\b[^#]{0,40}\/i/i
/** What visitors are told that the command is for; the first ones no page of programmers has beside its installer. */
const surePretext = /captcha|i(?:'m| am) not a robot|verif(?:y|ication|ied)|unusual (?:web )?traffic|#\s{0,3}ray id/i
const pretext = /human|cloudflare|fix (?:it|the)/i

/** How far a command is read. */
const commandLengthMax = 400
/** More commands than this no page offers at once. */
const commandsMax = 20

function commandsIn(text: string, kind: RegExp): string[] {
  const found: string[] = []
  for (const match of text.matchAll(kind)) {
    const quote = /^["'`]/.exec(match[0])?.[0]
    const from = match.index + (quote === undefined ? 0 : 1)
    const rest = text.slice(from, from + commandLengthMax)
    const end = rest.search(ends[quote ?? 'none'] ?? ends.none)
    found.push(end < 0 ? rest : rest.slice(0, end))
    if (found.length === commandsMax) break
  }
  return found
}

/** Where a text ends that began with this quote, or somewhere before the command. */
const ends: Readonly<Record<string, RegExp>> & { readonly none: RegExp } = {
  '"': /(?<!\\)"/,
  "'": /(?<!\\)'/,
  '`': /(?<!\\)`/,
  none: /(?<!\\)["'`]/,
}

const isInstaller = (command: string): boolean => installs.test(command.split(/\s#/, 1)[0] ?? '')

/** A command for the visitor to run, or an address for their money, in place of what they meant to copy. */
export function clipboardBait(source: string, revealed: readonly { readonly text: string }[]): Signal[] {
  if (!copies.test(source)) return []
  const texts = [source, ...revealed.map(({ text }) => text)]
  const isSure = surePretext.test(source)
  const odd = texts.flatMap((text) => commandsIn(text, oddCommand))
  if (texts.some((text) => hiddenCommand.test(text)) || odd.some((command) => isSure || !isInstaller(command)))
    return [signal('clipboard_bait', 'decisive', 'puts a command for the visitor to run into the clipboard')]
  const commandsOf = (text: string) => [...commandsIn(text, windowsCommand), ...commandsIn(text, shellCommand)]
  const commands = texts.flatMap(commandsOf)
  const hasPretext = isSure || pretext.test(source)
  if (commands.some((command) => !isInstaller(command)) || (isSure && commands.length > 0)) {
    const isBait = hasPretext || revealed.some(({ text }) => commandsOf(text).length > 0)
    return [signal('clipboard_bait', isBait ? 'decisive' : 'strong', 'puts a command into the clipboard')]
  }
  if (odd.length > 0 || (commands.length > 0 && (hasPretext || texts.some((text) => text.search(windowsCommand) >= 0))))
    return [signal('clipboard_bait', 'strong', 'puts a command into the clipboard')]
  return swapped(source)
}

const hearsOfCopying = /addEventListener\s{0,3}\(\s{0,3}["'`]copy["'`]|\boncopy\b|\.on\s{0,3}\(\s{0,3}["'`]copy["'`]/
const puts = /clipboardData\)?\s{0,3}\.\s{0,3}setData/
/** A pattern of addresses for money, by which a script recognises what was copied. */
const money = /\[a-km-zA-HJ-NP-Z1-9\]|a-zA-HJ-NP-Z0-9\]\{2\d,|0x\[a-f(?:A-F)?0-9(?:A-F)?\]\{40\}|\(\?:?bc1|bc1\[?\|/i
const address =
  /["'`](?:0x[a-fA-F0-9]{40}|bc1[a-z0-9]{20,60}|[13][a-km-zA-HJ-NP-Z1-9]{25,34}|T[a-km-zA-HJ-NP-Z1-9]{33}|4[a-km-zA-HJ-NP-Z1-9]{94})["'`]/
const tests = /\.test\s{0,3}\(\s{0,3}(?:window\.|document\.)?getSelection\b/

/** Wallets copy addresses and check what one types: who swaps them waits for the visitor to copy, and brings one of their own. */
function swapped(source: string): Signal[] {
  if (source.length >= 20_000 || !money.test(source)) return []
  const onCopying =
    hearsOfCopying.test(source) && (puts.test(source) || (/preventDefault/.test(source) && /writeText/.test(source)))
  const onReading = /clipboard\s{0,3}\.\s{0,3}readText/.test(source) && /writeText/.test(source) && /setInterval/.test(source)
  const brings = address.test(source) || (onCopying && tests.test(source))
  if (!onCopying && !(onReading && brings)) return []
  return [signal('clipboard_bait', brings ? 'decisive' : 'strong', 'puts another address for money into the clipboard')]
}
