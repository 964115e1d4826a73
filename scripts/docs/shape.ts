import { z } from 'zod'

/** What we read of a JSON Schema. */
interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  description?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  type?: string
  format?: string
  maxLength?: number
  minLength?: number
  minimum?: number
  maximum?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  default?: unknown
}

/** Shapes that have a name of their own, told once at the end of a document. */
export type NamedShapes = Map<string, string>

const refPrefix = '#/$defs/'

/** A schema as people read it, much like a TypeScript type. What has a name is told by it and added to `named`. */
export function shapeOf(schema: z.ZodType, io: 'input' | 'output', named: NamedShapes): string {
  // zod's type knows every keyword of JSON Schema, ours those that are read here; they agree on them.
  const root = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema
  for (const [name, definition] of Object.entries(root.$defs ?? {})) {
    const description = definition.description ? `${definition.description}\n\n` : ''
    named.set(name, `${description}\`\`\`ts\n${shape(definition, '')}\n\`\`\``)
  }
  return shape(root, '')
}

export function renderNamed(named: NamedShapes): string {
  const names = [...named.keys()].sort()
  return names.map((name) => `### ${name}\n\n${named.get(name) ?? ''}\n`).join('\n')
}

function shape(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return schema.$ref.replace(refPrefix, '')
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum) return schema.enum.map(literal).join(' | ')
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) return alternatives.map((alternative) => shape(alternative, indent)).join(' | ')
  if (schema.type === 'array') return arrayShape(schema.items ?? {}, indent)
  if (schema.type === 'object') return objectShape(schema, indent)
  return schema.type ?? 'anything'
}

function arrayShape(items: Schema, indent: string): string {
  const item = shape(items, indent)
  return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
}

function objectShape(schema: Schema, indent: string): string {
  const fields = Object.entries(schema.properties ?? {})
  if (fields.length === 0) return typeof schema.additionalProperties === 'object' ? '{ [name: string]: anything }' : '{}'
  const inner = `${indent}  `
  const lines = fields.map(([name, field]) => {
    const optional = schema.required?.includes(name) ? '' : '?'
    const note = noteOf(field)
    return `${inner}${name}${optional}: ${shape(field, inner)}${note === '' ? '' : `  // ${note}`}`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

const formats: Record<string, string> = { 'date-time': 'RFC 3339, UTC', uri: 'URL', email: 'e-mail address', date: 'YYYY-MM-DD' }

/** What the type does not say: limits, format, default, meaning. */
function noteOf(schema: Schema): string {
  const bounded = schema.anyOf?.find((alternative) => alternative.type !== 'null') ?? schema
  const notes = [
    formats[bounded.format ?? ''],
    range(bounded.minimum, bounded.maximum, ''),
    range(bounded.minLength, bounded.maxLength, ' characters'),
    schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`,
    schema.description === undefined || schema.description === formats[bounded.format ?? ''] ? undefined : schema.description,
  ]
  return notes
    .filter((note) => note !== undefined && note !== '')
    .join('; ')
    .replaceAll('RFC 3339, UTC; RFC 3339, UTC.', 'RFC 3339, UTC.')
}

function range(least: number | undefined, most: number | undefined, unit: string): string | undefined {
  // zod writes the bounds of safe integers where no other bound was set.
  const low = least === undefined || least === Number.MIN_SAFE_INTEGER ? undefined : least
  const high = most === undefined || most === Number.MAX_SAFE_INTEGER ? undefined : most
  if (low === undefined && high === undefined) return undefined
  if (high === undefined) return low === 0 || low === 1 ? undefined : `at least ${low}${unit}`
  return low === undefined || low === 0 ? `at most ${high}${unit}` : `${low} to ${high}${unit}`
}

const literal = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value))
