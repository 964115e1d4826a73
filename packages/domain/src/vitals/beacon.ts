import { randomBytes } from 'node:crypto'
import type { VitalsBeacon, VitalsBeaconChanges } from '@tocsin/contract/api/vitals'
import { vitalsBeaconUpdated } from '@tocsin/contract/events/vitals'
import type { SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { lockSite } from '../sites/sites.ts'
import { beaconColumns, getBeacon } from './beacon.read.ts'

/** The key from before ends at once: whoever asks for another one does so because somebody else uses it. */
export async function rotateBeacon(change: Change, input: { siteId: SiteId }): Promise<VitalsBeacon> {
  await lockSite(change, input.siteId)
  return save(change, { ...(await getBeacon(change.tx, input.siteId)), key: newBeaconKey() })
}

export async function updateBeacon(
  change: Change,
  input: { siteId: SiteId; changes: VitalsBeaconChanges; ifVersion: number | null },
): Promise<VitalsBeacon> {
  await lockSite(change, input.siteId)
  const before = await getBeacon(change.tx, input.siteId)
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The beacon was changed in the meantime: read it again.')
  const { sampleRate = before.sampleRate, allowedOrigins = before.allowedOrigins } = input.changes
  if (sampleRate === before.sampleRate && allowedOrigins.join() === before.allowedOrigins.join()) return before
  return save(change, { ...before, sampleRate, allowedOrigins })
}

async function save(change: Change, wanted: VitalsBeacon): Promise<VitalsBeacon> {
  const { rows } = await change.tx.query<VitalsBeacon>(
    `insert into vitals_beacon (org_id, site_id, key, sample_rate, allowed_origins) values ($1, $2, $3, $4, $5)
     on conflict (site_id) do update set key = excluded.key, sample_rate = excluded.sample_rate,
       allowed_origins = excluded.allowed_origins, version = vitals_beacon.version + 1
     returning ${beaconColumns}`,
    [change.orgId, wanted.siteId, wanted.key, wanted.sampleRate, wanted.allowedOrigins],
  )
  const [beacon] = rows
  if (!beacon) throw new Error('A beacon that was just written is not there.')
  change.emit(vitalsBeaconUpdated, { beacon })
  return beacon
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** 160 random bits: nobody comes upon another site's key. */
const newBeaconKey = (): string => `tcp_${Array.from(randomBytes(32), (byte) => alphabet[byte & 31]).join('')}`
