import { z } from 'zod'

/** As much of an RDAP answer (RFC 9083) as tells when a registration ends. Registries add whatever they like. */
const Domain = z.object({
  objectClassName: z.string().optional(),
  ldhName: z.string().optional(),
  status: z.array(z.string()).max(100).default([]),
  events: z
    .array(z.object({ eventAction: z.string(), eventDate: z.string() }))
    .max(1_000)
    .default([]),
})

export interface RegistryWord {
  readonly expiresAt: Date | null
  readonly redemption: boolean
}

/** Null: it is no answer about this domain. */
export function registryWord(body: unknown, domain: string): RegistryWord | null {
  const parsed = Domain.safeParse(body)
  if (!parsed.success) return null
  const { objectClassName, ldhName, status, events } = parsed.data
  if (objectClassName !== undefined && objectClassName !== 'domain') return null
  if (ldhName !== undefined && ldhName.toLowerCase().replace(/\.$/, '') !== domain) return null
  // Neither a name nor a class: any JSON would do.
  if (objectClassName === undefined && ldhName === undefined) return null
  const ends = events
    .filter(({ eventAction }) => eventAction.toLowerCase() === 'expiration')
    .map(({ eventDate }) => Date.parse(eventDate))
  const known = ends.filter((end) => Number.isFinite(end))
  // What the owner has let lapse: it can be bought back for a while (redemption), then it is free for anybody (pending delete).
  const redemption = status.some((each) => /^(redemption period|pending delete)$/i.test(each.trim()))
  return { expiresAt: known.length === 0 ? null : new Date(Math.min(...known)), redemption }
}
