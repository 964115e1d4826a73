import type { TemplateId } from '@tocsin/contract/api/templates'
import type { Sql } from '@tocsin/db/transaction'

export interface OverrideRow {
  templateId: TemplateId
  subject: string | null
  intro: string | null
  updatedAt: Date
}

/** At most one for each of our templates. */
export async function listOverrides(sql: Sql): Promise<OverrideRow[]> {
  const { rows } = await sql.query<OverrideRow>(
    `select template_id as "templateId", subject, intro, updated_at as "updatedAt" from template_override order by template_id`,
  )
  return rows
}
