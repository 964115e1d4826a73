import { Refusal } from '@tocsin/contract/refusal'
import type { Cidr } from '@tocsin/outbound/guarded-address'
import { type Resolve, resolveBySystem, resolvePublic } from '@tocsin/outbound/guarded-lookup'

/** A name server that is slower than this is one we could not use for a scan either. */
const resolveMsMax = 5_000

/** Refuses URLs that are, or whose name stands for, an address that may not be watched or notified. */
export type TargetGuard = (url: string) => Promise<void>

/**
 * A courtesy to whoever types the URL: every connection that is made later is guarded again, for names and redirects change.
 */
export function createTargetGuard(allowCidrs: readonly Cidr[], resolve: Resolve = resolveBySystem): TargetGuard {
  return async (url) => {
    const { hostname, username, password } = new URL(url)
    if (username !== '' || password !== '') throw refused('Must not contain a user name or a password.')
    const result = await resolvePublic(hostname, allowCidrs, (name) => inTime(resolve(name)))
    if (result.ok) return
    if (result.reason === 'dns') throw refused(`The host ${hostname} cannot be found.`)
    throw refused('Points into a private network. The operator can allow one with ALLOW_TARGET_CIDRS.')
  }
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The name server did not answer in time.')), resolveMsMax)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const refused = (message: string): Refusal => new Refusal('invalid', message, { issues: [{ path: 'url', message }] })
