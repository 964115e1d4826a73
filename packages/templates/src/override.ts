import { Liquid, LiquidError } from 'liquidjs'

export interface TemplateOverride {
  readonly subject: string | null
  readonly intro: string | null
}

export type Variables = Readonly<Record<string, string | number | boolean | null>>

/** Of what comes out, whatever went in. */
const subjectLengthMax = 200
const introLengthMax = 2_000

/**
 * Templates of an org are somebody's input: they see plain values and no prototypes, no file can be included, and loops end by a limit on
 * time, memory and length.
 */
const liquid = new Liquid({
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: true,
  // Instead of files: nothing.
  templates: {},
  parseLimit: 10_000,
  renderLimit: 50,
  memoryLimit: 100_000,
})

/** Why a template cannot be used, in words for whoever wrote it; null if it can. */
export function templateFault(source: string, variables: Variables): string | null {
  const rendered = render(source, variables)
  return rendered.ok ? null : rendered.fault
}

/** The org's words where they can be used, ours where not: a mistake in a template must not cost an alert. */
export function applyOverride(
  own: TemplateOverride,
  draft: { readonly subject: string; readonly intro: string; readonly variables: Variables },
): { subject: string; intro: string } {
  const choose = (source: string | null, usual: string, max: number): string => {
    const rendered = source === null ? null : render(source, draft.variables)
    return (rendered?.ok && rendered.text.slice(0, max).trim()) || usual
  }
  return {
    subject: choose(own.subject, draft.subject, subjectLengthMax),
    intro: choose(own.intro, draft.intro, introLengthMax),
  }
}

function render(source: string, variables: Variables): { ok: true; text: string } | { ok: false; fault: string } {
  try {
    return { ok: true, text: String(liquid.parseAndRenderSync(source, variables)) }
  } catch (error) {
    if (error instanceof LiquidError || isLimit(error)) return { ok: false, fault: firstLine(error) }
    throw error
  }
}

/** The library throws plain errors when one of its limits is passed. */
const isLimit = (error: unknown): error is Error => error instanceof Error && /limit/i.test(error.message)
const firstLine = (error: Error): string => error.message.split('\n', 1)[0] ?? ''
