import { z } from 'zod'
import { Keyword } from '../api/keywords.ts'
import { defineEvent } from '../event.ts'
import { KeywordId, SiteId } from '../ids.ts'

export const keywordCreated = defineEvent('keyword.created', {
  doc: 'A keyword is tracked.',
  data: z.object({ keyword: Keyword }),
})
export const keywordUpdated = defineEvent('keyword.updated', {
  doc: 'The monthly searches of a keyword changed.',
  data: z.object({ keyword: Keyword }),
})
export const keywordDeleted = defineEvent('keyword.deleted', {
  doc: 'A keyword is no longer tracked.',
  data: z.object({ siteId: SiteId, keywordId: KeywordId }),
})
export const keywordsChanged = defineEvent('keyword.changed', {
  doc: 'Many keywords of a site were added or changed at once: read the list again.',
  data: z.object({ siteId: SiteId, created: z.number().int(), updated: z.number().int() }),
})
