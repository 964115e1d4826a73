import { expect, test } from '@jest/globals'
import { type CloakVariant, cloakOf, cloakVariants, type VariantFacts } from './cloak.ts'

const facts = (over: Partial<Record<CloakVariant, Partial<VariantFacts>>>): VariantFacts[] =>
  cloakVariants.map((variant) => ({
    variant,
    isSeen: true,
    landedOn: 'shop.test',
    words: 400,
    terms: [],
    hiddenLinks: [],
    similarity: 1,
    ...over[variant],
  }))

test.each<[string, Parameters<typeof facts>[0], ReturnType<typeof cloakOf>]>([
  ['the same for all', {}, null],
  ['a little different', { googlebot: { similarity: 0.7 } }, null],
  ['another text for Google', { googlebot: { similarity: 0.4 } }, 'other_text'],
  ['another text, but hardly any', { googlebot: { similarity: 0.1, words: 12 } }, null],
  ['spam for Google', { googlebot: { terms: ['viagra', 'cialis', 'levitra'] } }, 'spam_terms'],
  ['one word', { googlebot: { terms: ['viagra'] } }, null],
  [
    'the words for all',
    { own: { terms: ['a', 'b', 'c'] }, googlebot: { terms: ['a', 'b', 'c'] }, searcher: { terms: ['a', 'b', 'c'] } },
    null,
  ],
  ['hidden links for Google', { googlebot: { hiddenLinks: ['a.test', 'b.test', 'c.test'] } }, 'hidden_links'],
  ['visitors from a search led away', { searcher: { landedOn: 'casino.test' } }, 'redirect'],
  ['a wall for Google', { googlebot: { isSeen: false, similarity: 0 } }, 'unknown'],
])('%s', (_name, over, expected) => expect(cloakOf(facts(over), { similarityMin: 0.6, termsMin: 3 })).toBe(expected))
