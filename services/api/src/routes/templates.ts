import * as api from '@tocsin/contract/api/templates'
import { Refusal } from '@tocsin/contract/refusal'
import { updateTemplate } from '@tocsin/domain/templates/templates'
import { listOverrides, type OverrideRow } from '@tocsin/domain/templates/templates.read'
import { describeTemplate } from '@tocsin/templates/catalog'
import { draftOf, renderMail } from '@tocsin/templates/mail'
import { templateFault } from '@tocsin/templates/override'
import { samples } from '@tocsin/templates/samples'
import { change, type Route, read } from '../http/route.ts'

export const templateRoutes = (deps: { publicUrl: string | null }): Route[] => [
  read(api.listTemplates, async (sql) => {
    const overrides = await listOverrides(sql)
    return { data: api.TemplateId.options.map((id) => templateView(id, overrides)) }
  }),
  change(api.updateTemplate, async (change, { params, body }) => {
    refuseFaults(params.templateId, body)
    await updateTemplate(change, { templateId: params.templateId, changes: body })
    return templateView(params.templateId, await listOverrides(change.tx))
  }),
  read(api.previewTemplate, async (sql, { params, query }) => {
    refuseFaults(params.templateId, query)
    const kept = (await listOverrides(sql)).find(({ templateId }) => templateId === params.templateId)
    const own = { subject: query.subject ?? kept?.subject ?? null, intro: query.intro ?? kept?.intro ?? null }
    return renderMail(samples[params.templateId], { publicUrl: deps.publicUrl, override: () => own })
  }),
]

function templateView(id: api.TemplateId, overrides: readonly OverrideRow[]): api.Template {
  const own = overrides.find(({ templateId }) => templateId === id)
  const { variables } = draftOf(samples[id])
  return {
    id,
    ...describeTemplate(id),
    variables: Object.entries(variables).map(([name, example]) => ({ name, example: String(example) })),
    subject: own?.subject ?? null,
    intro: own?.intro ?? null,
    updatedAt: own?.updatedAt.toISOString() ?? null,
  }
}

/** It is tried with the example: whoever wrote it hears of a mistake now, and not in an alert. */
function refuseFaults(id: api.TemplateId, own: { subject?: string | null | undefined; intro?: string | null | undefined }): void {
  const { variables } = draftOf(samples[id])
  const issues = (['subject', 'intro'] as const).flatMap((path) => {
    const source = own[path]
    const message = typeof source === 'string' ? templateFault(source, variables) : null
    return message === null ? [] : [{ path, message }]
  })
  if (issues.length > 0) throw new Refusal('invalid', 'The template cannot be rendered.', { issues })
}
