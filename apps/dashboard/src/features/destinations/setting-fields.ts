import { type ChatKind, channels } from '@tocsin/contract/channels/catalog'
import { z } from 'zod'
import { text } from '../../ui/use-form.ts'

/** One field of the form of a kind, as the kind's own schema describes it. */
export interface SettingField {
  name: string
  label: string
  hint: string | undefined
  example: string | undefined
  isSecret: boolean
  isOptional: boolean
  /** What holds for whoever says nothing; null: there is no such thing. */
  usual: string | null
}

/** What schemas of settings have in common: texts, each with a title. */
const Described = z.object({
  properties: z.record(
    z.string(),
    z.object({
      title: z.string(),
      description: z.string().optional(),
      example: z.string().optional(),
      default: z.string().optional(),
    }),
  ),
  required: z.array(z.string()).default([]),
})

export function settingFields(kind: ChatKind): SettingField[] {
  const { settings, secrets } = channels[kind]
  const sealed: readonly string[] = secrets
  const { properties, required } = Described.parse(z.toJSONSchema(settings, { io: 'input' }))
  return Object.entries(properties).map(([name, field]) => ({
    name,
    label: field.title,
    hint: field.description,
    example: field.example,
    isSecret: sealed.includes(name),
    isOptional: !required.includes(name) && field.default === undefined,
    usual: field.default ?? null,
  }))
}

/** Names of the inputs: the server speaks of `settings.url` when it finds something wrong with it. */
export const inputName = (name: string) => `settings.${name}`
export const removalName = (name: string) => `remove.${name}`

/** What was filled in; what was left empty takes its usual value. */
export function newSettings(kind: ChatKind, form: FormData): Record<string, string> {
  const filled = settingFields(kind).map(({ name }) => [name, text(form, inputName(name))] as const)
  return Object.fromEntries(filled.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** What a change takes: a secret that was left empty stays, unless it is to go; anything else that was emptied is taken away. */
export function changedSettings(kind: ChatKind, form: FormData): Record<string, string | null> {
  return Object.fromEntries(
    settingFields(kind).flatMap(({ name, isSecret }): [string, string | null][] => {
      const value = text(form, inputName(name))
      if (value !== undefined) return [[name, value]]
      if (isSecret && !form.has(removalName(name))) return []
      return [[name, null]]
    }),
  )
}
