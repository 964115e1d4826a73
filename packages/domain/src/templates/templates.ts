import type { TemplateChanges, TemplateId } from '@tocsin/contract/api/templates'
import { templateUpdated } from '@tocsin/contract/events/templates'
import type { Change } from '@tocsin/journal/change'

/** Puts an org's own words in the place of ours; two nulls take them away again. That they can be rendered is checked by the door. */
export async function updateTemplate(
  change: Change,
  { templateId, changes }: { templateId: TemplateId; changes: TemplateChanges },
): Promise<void> {
  const { subject, intro } = changes
  const { rowCount } =
    subject === null && intro === null
      ? await change.tx.query('delete from template_override where template_id = $1', [templateId])
      : await change.tx.query(
          `insert into template_override as o (org_id, template_id, subject, intro, updated_at) values ($1, $2, $3, $4, $5)
           on conflict (org_id, template_id) do update set subject = excluded.subject, intro = excluded.intro, updated_at = excluded.updated_at
           where (o.subject, o.intro) is distinct from (excluded.subject, excluded.intro)`,
          [change.orgId, templateId, subject, intro, change.now],
        )
  // Nothing was changed.
  if (rowCount === 0) return
  change.emit(templateUpdated, { templateId, subject, intro })
}
