import { beginningLength, createWordScan, isAscii } from './word-scan.ts'

/** Words of those who put their links into other people's pages. A word counts once, as a whole, in any case. */
const terms: Readonly<Record<string, readonly string[]>> = {
  pharma:
    'viagra|cialis|levitra|kamagra|sildenafil|tadalafil|vardenafil|dapoxetine|priligy|propecia|phentermine|tramadol|xanax|ambien|oxycodone|modafinil|ivermectin online|canadian pharmacy|online pharmacy|no prescription'.split(
      '|',
    ),
  casino:
    'online casino|casino online|slot online|slot gacor|situs slot|judi online|judi bola|agen bola|agen slot|poker online|togel|sbobet|maxwin|pragmatic play|slot88|rtp live|baccarat online|casino siteleri|deneme bonusu|bahis siteleri|kaçak bahis|canlı bahis|free spins no deposit|казино онлайн|онлайн казино|вулкан казино|xổ số|nhà cái|บาคาร่า|สล็อต'.split(
      '|',
    ),
  replica:
    'replica watches|rolex replica|fake rolex|replica handbags|louis vuitton outlet|michael kors outlet|cheap jerseys|ray ban outlet|moncler outlet|ugg boots sale|cheap nfl jerseys'.split(
      '|',
    ),
  loans: 'payday loans|payday loan|cash advance loan|bad credit loans|instant payday|title loans online'.split('|'),
  essays: 'essay writing service|write my essay|buy essay online|custom essays|dissertation writing service'.split('|'),
  japanese: 'スーパーコピー|ブランドコピー|コピー時計|激安通販|コピー商品|偽物ブランド|n級品'.split('|'),
  adult: 'porn videos|free porn|xxx videos|escort service|bokep|escort bayan'.split('|'),
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '\\s{1,4}')
const hasSpaces = (text: string): boolean => /^[\p{Script=Latin}\p{Script=Cyrillic}\d ]+$/u.test(text)
const all = Object.values(terms).flat()
// Scripts without spaces between words have no boundaries to look for.
const pattern = new RegExp(
  `(?<![\\p{L}\\d])(?:${all.filter(hasSpaces).map(escaped).join('|')})(?![\\p{L}\\d])|${all
    .filter((term) => !hasSpaces(term))
    .map(escaped)
    .join('|')}`,
  'giu',
)

/** On many pages that have nothing to hide: another word of the same term says more. */
const everyday = new Set(
  'live free online service videos video instant credit write cheap outlet sale title loan loans watches handbags boots writing'.split(
    ' ',
  ),
)

/** The word of a term that is least at home on other pages. */
function tellingWord(term: string): string {
  const words = term.split(' ').toSorted((a, b) => b.length - a.length)
  return words.find((word) => word.length >= beginningLength && !everyday.has(word)) ?? words[0] ?? term
}

/** One word of each term, as plain text: most texts hold none of them, which is said six times faster than by the pattern. */
const hint = new RegExp(all.map((term) => escaped(tellingWord(term))).join('|'))
const mayBegin = createWordScan(all.map(tellingWord).filter(isAscii))

/** The terms that a text holds, each once, as the lexicon writes them. */
export function spamTermsIn(text: string): string[] {
  // And a text in ASCII that holds none of their beginnings needs no lower case.
  if (isAscii(text) && !mayBegin(text)) return []
  if (!hint.test(text.toLowerCase())) return []
  const found = new Set<string>()
  for (const match of text.matchAll(pattern)) found.add(match[0].toLowerCase().replace(/\s+/g, ' '))
  return [...found]
}

/** What a term of the lexicon is about: `pharma`, `casino`… */
export const spamSubjectOf = (term: string): string | null =>
  Object.keys(terms).find((subject) => terms[subject]?.includes(term)) ?? null
