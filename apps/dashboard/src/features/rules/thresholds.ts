import { RuleConfig } from '@tocsin/contract/api/rules'

/** One threshold of a rule, as a person sets it. Read from the JSON Schema that the API gives, so that a newer server's rules work too. */
export interface Threshold {
  name: string
  label: string
  doc: string
  kind: 'number' | 'integer' | 'switch' | 'choice' | 'text' | 'list'
  min: number | null
  max: number | null
  options: string[]
  usual: unknown
}

export function thresholdsOf(configSchema: Record<string, unknown>): Threshold[] {
  const properties = recordOf(configSchema['properties'])
  return Object.entries(properties).map(([name, value]) => {
    const schema = recordOf(value)
    return {
      name,
      label: labelOf(name),
      doc: typeof schema['description'] === 'string' ? schema['description'] : '',
      kind: kindOf(schema),
      min: numberOf(schema['minimum']) ?? numberOf(schema['exclusiveMinimum']),
      max: numberOf(schema['maximum']) ?? numberOf(schema['exclusiveMaximum']),
      options: Array.isArray(schema['enum']) ? schema['enum'].map(String) : [],
      usual: schema['default'],
    }
  })
}

function kindOf(schema: Record<string, unknown>): Threshold['kind'] {
  if (Array.isArray(schema['enum'])) return 'choice'
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return schema['type']
    case 'boolean':
      return 'switch'
    case 'array':
      return 'list'
    default:
      return 'text'
  }
}

/** What a field says, as the API takes it; undefined where it says nothing that could be sent. */
export function readThreshold(threshold: Threshold, text: string): unknown {
  switch (threshold.kind) {
    case 'number':
    case 'integer':
      // A comma is how half of the world writes a decimal point. What is no number is sent as it is, to be refused by name.
      return text.trim() === '' ? null : (numberOf(Number(text.trim().replace(',', '.'))) ?? text)
    case 'switch':
      return text === 'true'
    case 'list':
      return text
        .split(/\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '')
    case 'choice':
    case 'text':
      return text.trim() === '' ? null : text.trim()
  }
}

/** As it stands in a field. */
export function thresholdText(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join('\n')
  return value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value as string | number | boolean)
}

/** What was changed in a form, and nothing else: null sets one back to its default. */
export function changesOf(
  thresholds: readonly Threshold[],
  now: Record<string, unknown>,
  entered: Record<string, unknown>,
): Record<string, unknown> {
  const changed = thresholds.filter(({ name }) => JSON.stringify(entered[name]) !== JSON.stringify(now[name]))
  return Object.fromEntries(
    changed.map(({ name, usual }) => [name, JSON.stringify(entered[name]) === JSON.stringify(usual) ? null : entered[name]]),
  )
}

/** The endpoint takes any thresholds and the server knows their bounds: what the schema says of them is said before it is sent. */
export const checkedBy = (thresholds: readonly Threshold[]) =>
  RuleConfig.superRefine((config, context) => {
    for (const threshold of thresholds) {
      const message = faultOf(threshold, config[threshold.name])
      if (message !== null) context.addIssue({ code: 'custom', path: [threshold.name], message })
    }
  })

function faultOf({ kind, min, max }: Threshold, value: unknown): string | null {
  if (value === undefined || value === null || (kind !== 'number' && kind !== 'integer')) return null
  if (typeof value !== 'number') return 'This is not a number.'
  if (kind === 'integer' && !Number.isInteger(value)) return 'A whole number, please.'
  if (min !== null && value < min) return `Must be at least ${min}.`
  return max !== null && value > max ? `Must be at most ${max}.` : null
}

/** `minPercent` → "Min percent". */
const labelOf = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^./, (first) => first.toUpperCase())

/** "1 to 100", for the hint of a field. */
export function boundsText({ min, max }: Threshold): string {
  if (min !== null && max !== null) return `${min} to ${max}`
  if (min !== null) return `${min} or more`
  return max === null ? '' : `at most ${max}`
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

/** JSON Schema is plain JSON: what is not an object has no properties. */
const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
