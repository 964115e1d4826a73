import { type Signal, signal } from './script-signal.ts'

const copies = /clipboard\s{0,3}\.\s{0,3}writeText|execCommand\s{0,3}\(\s{0,3}["'`]copy|clipboardData\s{0,3}\.\s{0,3}setData/
/** What no page has a reason to make visitors run: it hides its window, says nothing of itself, or is made to fetch programs. */
const hiddenCommand =
  /(?:^|["'`;&|]|=\s?)\s{0,3}(?:powershell|pwsh)(?:\.exe)?\s[^"'`]{0,200}-(?:w(?:indowstyle)?\s{1,3}(?:h\b|hidden|1)|e(?:nc\w{0,12})?\s|nop\b|noprofile|ep?\s{1,3}bypass)|(?:^|["'`;&|]|=\s?)\s{0,3}(?:mshta|conhost|msiexec|wscript|rundll32|certutil|bitsadmin)(?:\.exe)?\s|(?:^|["'`;&|]|=\s?)\s{0,3}cmd(?:\.exe)?\s{1,3}\/c\s/i
/** How programs are installed, too. */
const anyCommand =
  /(?:^|["'`;&|]|=\s?)\s{0,3}(?:(?:powershell|pwsh|bash|\/bin\/bash|sh)(?:\.exe)?\s|curl\s[^"'`|]{1,200}\|\s{0,3}(?:sudo\s)?(?:ba|z)?sh\b|echo\s[^"'`]{0,200}\|\s{0,3}base64\s[^"'`]{0,60}\|)/i
const installs = /\binstall(?:er)?\b[^"'`]{0,60}(?:\||$|["'`])/i
/** What visitors are told that the command is for. */
const pretext =
  /captcha|i(?:'m| am) not a robot|verif(?:y|ication|ied)|human|cloudflare|unusual (?:web )?traffic|fix (?:it|the)|#\s{0,3}ray id/i

/** A command for the visitor to run, or an address for their money, in place of what they meant to copy. */
export function clipboardBait(source: string, revealed: readonly { readonly text: string }[]): Signal[] {
  if (!copies.test(source)) return []
  const texts = [source, ...revealed.map(({ text }) => text)]
  if (texts.some((text) => hiddenCommand.test(text) && !(installs.test(text) && !pretext.test(source))))
    return [signal('clipboard_bait', 'decisive', 'puts a command for the visitor to run into the clipboard')]
  if (texts.some((text) => anyCommand.test(text) && !(installs.test(text) && !pretext.test(source)))) {
    const isBait = pretext.test(source) || revealed.some(({ text }) => anyCommand.test(text))
    return [signal('clipboard_bait', isBait ? 'decisive' : 'strong', 'puts a command into the clipboard')]
  }
  const swaps = /["'`]copy["'`]|oncopy/.test(source) && /setData\s{0,3}\(|writeText/.test(source)
  if (source.length < 20_000 && swaps && money.test(source))
    return [signal('clipboard_bait', 'decisive', 'puts another address for money into the clipboard')]
  return []
}

/** A pattern of addresses for money, by which a script recognises what was copied. */
const money = /\[a-km-zA-HJ-NP-Z1-9\]|a-zA-HJ-NP-Z0-9\]\{2\d,|0x\[a-f(?:A-F)?0-9(?:A-F)?\]\{40\}|\(\?:?bc1|bc1\[?\|/i
