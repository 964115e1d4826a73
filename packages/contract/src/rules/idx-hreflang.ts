import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxHreflang = defineRule('idx.hreflang', {
  type: 'indexation_problem',
  title: 'Language versions do not refer to each other correctly',
  doc: 'Pages that name each other as language versions (hreflang) do so wrongly: one does not link back, does not name itself, uses a code that no search engine knows, or names a page that answers with an error or may not be indexed. Over when the group is valid.',
  impact: 'Search engines ignore such links and show people the version for another language or country.',
  action: 'Let every version name all versions including itself, with codes such as "de" or "en-GB".',
  config: z.strictObject({}),
})
