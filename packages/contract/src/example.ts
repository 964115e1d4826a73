import { z } from 'zod'

/** What we read of a JSON Schema; the rest of it does not decide how an example looks. */
interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  example?: unknown
  default?: unknown
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  type?: string
  format?: string
  minLength?: number
  minimum?: number
  minItems?: number
  items?: Schema
  properties?: Record<string, Schema>
}

const texts: Record<string, string> = {
  email: 'ada@example.com',
  uri: 'https://example.com/',
  'date-time': '2026-03-01T10:00:00.000Z',
  date: '2026-03-01',
}
/** Long enough for every minimum length of the contract. */
const someText = 'some text'

/** A value that the schema accepts, with every field filled in. For documentation and tests. */
export function exampleOf(schema: z.ZodType, io: 'input' | 'output' = 'output'): unknown {
  // zod's type knows every keyword of JSON Schema; ours only those that are read here, all of them of the same type.
  const root = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema
  return example(root, root.$defs ?? {})
}

function example(schema: Schema, definitions: Record<string, Schema>): unknown {
  if (schema.example !== undefined) return schema.example
  if (schema.$ref !== undefined) return example(definitions[schema.$ref.replace('#/$defs/', '')] ?? {}, definitions)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const one = schema.anyOf?.[0] ?? schema.oneOf?.[0]
  if (one) return example(one, definitions)
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => example(part, definitions)))
  switch (schema.type ?? '') {
    case 'string':
      return texts[schema.format ?? ''] ?? someText.padEnd(schema.minLength ?? 0, '.')
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, 1)
    case 'boolean':
      return true
    case 'array':
      return Array.from({ length: Math.max(schema.minItems ?? 0, 1) }, () => example(schema.items ?? {}, definitions))
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [name, example(property, definitions)]),
      )
    default:
      return null
  }
}
