import { z } from 'zod'
import { Timestamp } from './endpoint.ts'

/** How a phrase is written, so that it is tracked once: NFC, lower case, single spaces. */
export const Phrase = z
  .string()
  .max(400)
  .transform((text) => text.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase())
  .pipe(z.string().min(1).max(200))
  .meta({ description: 'What people search for. Case and spaces do not matter.', example: 'blue shoes' })

export const Country = z
  .string()
  .regex(/^[A-Za-z]{2}$/, 'Must be a country by its two letters, as in ISO 3166-1.')
  .transform((text) => text.toUpperCase())
  .meta({ description: 'Two letters, as in ISO 3166-1.', example: 'US' })

export const Language = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z]{2,4})?$/, 'Must be a language such as "en" or "pt-BR".')
  .transform((text) => text.toLowerCase())
  .meta({ description: 'As in BCP 47: "en", "pt-BR". Without it: any.', example: 'en' })

export const Device = z.enum(['desktop', 'mobile']).meta({ id: 'Device' })
export type Device = z.infer<typeof Device>

export const positionMax = 1_000
/** Where a result stands. There is no position 0: what was not found or not measured has none. */
export const Position = z.number().int().min(1).max(positionMax).meta({ description: 'From 1.', example: 4 })

/** `absent`: looked for among the first `depth` results and not there. `failed`: not measured; nothing follows from it. */
export const Missing = z.enum(['absent', 'failed']).meta({ id: 'Missing' })
export type Missing = z.infer<typeof Missing>

export const Measurement = z
  .object({
    position: Position.nullable(),
    missing: Missing.nullable().meta({ description: 'Why there is no position.' }),
    depth: z.number().int().meta({ description: 'How many results were looked through.' }),
    url: z.string().nullable().meta({ description: 'The page of the site that was found.' }),
    source: z.string().meta({ description: '"push", or the kind of the source.' }),
    checkedAt: Timestamp,
  })
  .meta({ id: 'Measurement' })
export type Measurement = z.infer<typeof Measurement>
