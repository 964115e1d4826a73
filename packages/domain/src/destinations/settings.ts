import type { DestinationChanges, DestinationInput } from '@tocsin/contract/api/destinations'
import type { ChannelSpec } from '@tocsin/contract/channel'
import { type ChatKind, channels } from '@tocsin/contract/channels/catalog'
import type { DestinationId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { SecretBox } from '@tocsin/process/secret-box'
import type { DestinationRow } from './destinations.read.ts'

/** How a destination is kept: what may be shown, what is sealed, and what it is recognised by. */
export interface KeptSettings {
  readonly address: string
  readonly config: Record<string, unknown>
  readonly credentials: string | null
}

/** Of mail, which is reached by its address alone. */
export const noSettings = { config: {}, credentials: null } as const

type ChatInput = Extract<DestinationInput, { settings: unknown }>

/** Sealed with the destination's id: a row's secrets cannot be opened in another row. */
export function sealSettings(input: ChatInput, destinationId: DestinationId, box: SecretBox): KeptSettings {
  return seal(input.kind, input.settings, destinationId, box)
}

function seal(kind: ChatKind, settings: Record<string, unknown>, destinationId: DestinationId, box: SecretBox): KeptSettings {
  const spec = specOf(kind)
  const isSecret = ([name]: [string, unknown]) => spec.secrets.includes(name)
  const secret = Object.entries(settings).filter(isSecret)
  return {
    address: spec.address(settings),
    config: Object.fromEntries(Object.entries(settings).filter((field) => !isSecret(field))),
    credentials: secret.length === 0 ? null : box.seal(JSON.stringify(Object.fromEntries(secret)), destinationId),
  }
}

/** The whole settings of a destination, secrets opened. */
export function openSettings(
  { id, config, credentials }: { id: string; config: Record<string, unknown>; credentials: string | null },
  box: SecretBox,
): Record<string, unknown> {
  if (credentials === null) return config
  // What we sealed was an object.
  return { ...config, ...(JSON.parse(box.open(credentials, id)) as Record<string, unknown>) }
}

/** What a change makes of them; they are as good as new ones or refused. */
export function changedSettings(before: DestinationRow, changes: DestinationChanges, box: SecretBox): KeptSettings {
  const { address, config, credentials } = before
  if (before.kind === 'email') {
    if (changes.settings !== undefined) throw refuse('settings', 'E-mail has an address and no settings.')
    return { address: changes.address ?? address, config, credentials }
  }
  if (changes.address !== undefined) throw refuse('address', 'Only e-mail has an address: change the settings.')
  if (changes.settings === undefined) return { address, config, credentials }
  const opened = openSettings(before, box)
  const merged = { ...opened, ...changes.settings }
  const checked = specOf(before.kind).settings.safeParse(
    Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)),
  )
  if (!checked.success)
    throw new Refusal('invalid', 'The settings are not of this kind.', {
      issues: checked.error.issues.map(({ path, message }) => ({ path: ['settings', ...path].join('.'), message })),
    })
  const given = changes.settings
  const lost = specOf(before.kind).secrets.filter((name) => opened[name] !== undefined && given[name] === undefined)
  if (lost.length > 0 && serversOf(before.kind, opened) !== serversOf(before.kind, checked.data))
    throw new Refusal('invalid', 'Its secrets were meant for another server: give them again.', {
      issues: lost.map((name) => ({ path: `settings.${name}`, message: 'Must be given when the server is another one.' })),
    })
  return seal(before.kind, checked.data, before.id, box)
}

/** Where what can be seen of the settings leads: secrets that nobody can read must not be read by sending them elsewhere. */
const serversOf = (kind: ChatKind, settings: Record<string, unknown>): string =>
  Object.entries(settings)
    .filter(([name, value]) => !specOf(kind).secrets.includes(name) && typeof value === 'string' && /^https?:/i.test(value))
    .map(([name, value]) => `${name} ${URL.parse(String(value))?.origin}`)
    .sort()
    .join(' ')

const refuse = (path: string, message: string) => new Refusal('invalid', message, { issues: [{ path, message }] })

/** The spec of any kind: that the settings are of the same kind was checked where they came in. */
const specOf = (kind: ChatKind): ChannelSpec => channels[kind] as unknown as ChannelSpec
