import { z } from 'zod'
import { TemplateId } from '../api/templates.ts'
import { defineEvent } from '../event.ts'

export const templateUpdated = defineEvent('template.updated', {
  doc: "An org's own subject or intro of a mail was set, changed or taken away.",
  data: z.object({ templateId: TemplateId, subject: z.string().nullable(), intro: z.string().nullable() }),
})
