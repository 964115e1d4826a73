import { z } from 'zod'

export const cloakVariants = ['own', 'googlebot', 'searcher'] as const
export type CloakVariant = (typeof cloakVariants)[number]

/** One page, as one kind of visitor was answered. */
export const VariantFacts = z.object({
  variant: z.enum(cloakVariants),
  /** False: a wall, an error, a page that could not be fetched. Nothing follows from it. */
  isSeen: z.boolean(),
  /** The domain on which the visitor ended. */
  landedOn: z.string(),
  words: z.number().int(),
  terms: z.array(z.string()),
  /** Domains that hidden links lead to. */
  hiddenLinks: z.array(z.string()),
  /** How much of its text it shares with the answer for our own crawler; 1 for that itself. */
  similarity: z.number(),
})
export type VariantFacts = z.infer<typeof VariantFacts>

/** One page, as three kinds of visitors were answered. */
export interface CloakRound {
  readonly url: string
  readonly variants: readonly VariantFacts[]
}

export interface CloakLimits {
  readonly similarityMin: number
  readonly termsMin: number
}

/** A page of a few words differs in most of them by a date or a name. */
const wordsMin = 50

export type CloakReason = 'other_text' | 'spam_terms' | 'hidden_links' | 'redirect'

/** What one kind of visitor gets and another does not. Null: the same for all. `unknown`: not all could be seen. */
export function cloakOf(variants: readonly VariantFacts[], limits: CloakLimits): CloakReason | 'unknown' | null {
  const own = variants.find(({ variant }) => variant === 'own')
  if (!own || variants.length < cloakVariants.length || variants.some(({ isSeen }) => !isSeen)) return 'unknown'
  for (const each of variants) {
    if (variants.some((other) => other.landedOn !== each.landedOn)) return 'redirect'
    const others = variants.filter((other) => other !== each)
    const onlyHere = each.terms.filter((term) => !others.some((other) => other.terms.includes(term)))
    if (onlyHere.length >= limits.termsMin) return 'spam_terms'
    const links = each.hiddenLinks.filter((link) => !others.some((other) => other.hiddenLinks.includes(link)))
    if (links.length >= limits.termsMin) return 'hidden_links'
  }
  const isLong = variants.every(({ words }) => words >= wordsMin)
  return isLong && variants.some(({ similarity }) => similarity < limits.similarityMin) ? 'other_text' : null
}
