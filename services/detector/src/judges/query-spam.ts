import { z } from 'zod'
import { spamSubjectOf, spamTermsIn } from './spam-lexicon.ts'

/** Scripts that stand for a language other than the site's. Latin does not: everybody searches for names in it. */
const scripts: Readonly<Record<string, RegExp>> = {
  kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  han: /\p{Script=Han}/gu,
  hangul: /\p{Script=Hangul}/gu,
  cyrillic: /\p{Script=Cyrillic}/gu,
  arabic: /\p{Script=Arabic}/gu,
  hebrew: /\p{Script=Hebrew}/gu,
  thai: /\p{Script=Thai}/gu,
  greek: /\p{Script=Greek}/gu,
  devanagari: /\p{Script=Devanagari}/gu,
}
const letters = /\p{L}/gu

/** In a text these words may be a travel guide's; in a search that is new for a site they are enough. */
const wordsOfQueries: Readonly<Record<string, RegExp>> = {
  casino:
    /(?<![\p{L}\d])(casino|kasino|cassino|gacor|judi|bahis|1xbet)(?![\p{L}\d])|казино|博彩|카지노|바카라|토토사이트|คาสิโน/iu,
  adult: /(?<![\p{L}\d])(porno?|xxx|hentai|onlyfans|escorts?)(?![\p{L}\d])/iu,
}

const lettersMin = 2
const shareMin = 0.2

/** What a query is about, as far as it matters here: its scripts, and the subjects of spam it names. */
export function marksOf(query: string): string[] {
  const all = count(query, letters)
  const written = Object.keys(scripts).filter((script) => {
    const own = count(query, scripts[script] ?? letters)
    return own >= lettersMin && own >= shareMin * all
  })
  const subjects = spamTermsIn(query).flatMap((term) => spamSubjectOf(term) ?? [])
  const named = Object.keys(wordsOfQueries).filter((subject) => wordsOfQueries[subject]?.test(query))
  return [...new Set([...written, ...subjects, ...named])]
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

/** What share of its impressions a site has in each script and for each subject, when it is well. */
export const Profile = z.record(z.string(), z.number())
export type Profile = z.infer<typeof Profile>

export interface Searched {
  readonly query: string
  readonly impressions: number
}

export function profileOf(queries: readonly Searched[]): Profile {
  const total = queries.reduce((sum, { impressions }) => sum + impressions, 0)
  const shares: Record<string, number> = {}
  for (const { query, impressions } of queries)
    for (const mark of marksOf(query)) shares[mark] = (shares[mark] ?? 0) + impressions / Math.max(1, total)
  return shares
}

/** The marks of a query that are not of the site's kind. Where Japanese is at home, so are the letters it shares with Chinese. */
export function foreignMarks(query: string, profile: Profile, ownShare: number): string[] {
  const isOwn = (mark: string) => (profile[mark] ?? 0) >= ownShare
  return marksOf(query).filter((mark) => !isOwn(mark) && !(mark === 'han' && isOwn('kana')))
}
