import { z } from 'zod'
import { ApiKeyId, UserId } from './ids.ts'

/** Who made a change happen. `system` is one of our own services. */
export const Actor = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('user'), id: UserId }),
    z.object({ kind: z.literal('api_key'), id: ApiKeyId }),
    z.object({ kind: z.literal('system'), id: z.string() }),
  ])
  .meta({ id: 'Actor' })
export type Actor = z.infer<typeof Actor>

export const system = (service: string): Actor => ({ kind: 'system', id: service })
