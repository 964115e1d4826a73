import { z } from 'zod'

/** A way to reach people over HTTP: what has to be known to use it, and which of it is nobody else's business. */
export interface ChannelSpec<Kind extends string = string, Settings extends z.ZodObject = z.ZodObject> {
  readonly kind: Kind
  readonly title: string
  /** Where the settings are found, in a sentence. */
  readonly doc: string
  readonly settings: Settings
  /** Fields that are sealed at rest and never shown again. */
  readonly secrets: readonly (keyof z.infer<Settings> & string)[]
  /** Where it leads, for people to recognise it by; nothing secret. */
  address(settings: z.infer<Settings>): string
}

export function defineChannel<const Kind extends string, Settings extends z.ZodObject>(
  kind: Kind,
  spec: Omit<ChannelSpec<Kind, Settings>, 'kind'>,
): ChannelSpec<Kind, Settings> {
  return { kind, ...spec }
}

/** An address whose path is a secret, as most chats hand them out. */
export const secretUrl = (description: string, example: string) =>
  z
    .url({ protocol: /^https?$/, error: 'Must be an http or https address.' })
    .max(2048)
    .refine((url) => URL.parse(url)?.username === '', 'Must not contain a user name or a password.')
    .meta({ title: 'Webhook URL', description, example })

const server = z
  .url({ protocol: /^https?$/, error: 'Must be an http or https address.' })
  .max(512)
  .refine((url) => !/[?#@]/.test(url), 'Must have neither a query nor a password.')

/** The public address of the service; whoever runs it, or a gateway to it, names their own. */
export const baseUrl = (usual: string) =>
  server.default(usual).meta({ title: 'Server', description: 'Leave it as it is unless you run your own.', example: usual })

/** Of a service that has no public address. */
export const ownServer = (example: string) => server.meta({ title: 'Server', description: 'Your installation.', example })

/** A key, token or name: printable, without spaces, so that it fits into a header and a path. */
export const token = (title: string, description: string, example: string) =>
  z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,512}$/, 'Must be without spaces.')
    .meta({ title, description, example })

export const hostOf = (url: string): string => URL.parse(url)?.host ?? ''
