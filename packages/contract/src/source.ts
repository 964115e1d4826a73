import { z } from 'zod'

/** What a source may be asked for: one outside API, how it is set up, and what it wants to know us by. */
export interface SourceSpec<
  Kind extends string = string,
  Config extends z.ZodObject = z.ZodObject,
  Credentials extends z.ZodType = z.ZodType,
> {
  readonly kind: Kind
  readonly title: string
  /** What is read from it and how often, in words a site owner understands. */
  readonly doc: string
  /** True: needs no credentials and is made by us for every site with a public domain. */
  readonly automatic: boolean
  /** `requestsPerDay` is part of every kind's config. */
  readonly config: Config
  /** `noCredentials` for a kind that needs none. */
  readonly credentials: Credentials
}

type Budgeted = z.ZodObject<{ requestsPerDay: z.ZodDefault<z.ZodNumber> }>

export function defineSource<const Kind extends string, Config extends Budgeted, Credentials extends z.ZodType>(
  kind: Kind,
  spec: Omit<SourceSpec<Kind, Config, Credentials>, 'kind'>,
): SourceSpec<Kind, Config, Credentials> {
  return { kind, ...spec }
}

/** Requests a day (UTC) that one account of a provider may be asked by one org, over all of its sites. */
export const requestsPerDay = (usual: number, max: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(max)
    .default(usual)
    .meta({ description: 'Requests a day, over all sites that use the same account. What is over it waits for the next day.' })

/** How many results a search is asked for. Some providers count a deep search as several. */
export const searchDepth = z
  .number()
  .int()
  .min(10)
  .max(100)
  .default(100)
  .meta({ description: 'Results that are looked through. What is beyond is absent.' })

export const noCredentials = z.null().default(null)

export const ApiKeyCredentials = z.strictObject({
  apiKey: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,512}$/, 'Must be a key without spaces.')
    .meta({ example: 'an-api-key' }),
})
export type ApiKeyCredentials = z.infer<typeof ApiKeyCredentials>
