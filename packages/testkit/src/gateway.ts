import type { Bus } from '@tocsin/bus/bus'
import { createMemoryBus } from '@tocsin/bus/memory'
import { type Actor, system } from '@tocsin/contract/actor'
import { siteDeleted } from '@tocsin/contract/events/sites'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { freePort } from '@tocsin/db/embedded/free-port'
import type { Database } from '@tocsin/db/pool'
import { createApiKey } from '@tocsin/domain/api-keys/api-keys'
import { signRealtimeToken } from '@tocsin/domain/members/realtime-token'
import { createOrg } from '@tocsin/domain/orgs/orgs'
import { createJournal, type Journal } from '@tocsin/journal/change'
import { silentLog } from '@tocsin/process/log'
import { createMetrics } from '@tocsin/process/metrics'
import { deriveKey } from '@tocsin/process/secret-box'
import { GatewayEnv } from '@tocsin/realtime-gateway/env'
import { createGatewayService } from '@tocsin/realtime-gateway/service'
import { createShiftedClock } from './shifted-clock.ts'
import { openViewer, type Viewer } from './viewer.ts'

const SECRET_KEY = 'a secret that only tests may know, 32+'
const tester = system('test')

/** A gateway on a port of its own, and an org with an API key. What is to be undone is added to `cleanUps`. */
export async function startTestGateway(options: {
  db: Database
  cleanUps: (() => unknown)[]
  env?: Record<string, string>
  bus?: Bus
}) {
  const { db, cleanUps, bus = createMemoryBus() } = options
  const clock = createShiftedClock()
  const metrics = createMetrics({ process: false })
  const journal = createJournal({ db, bus, clock, log: silentLog(), metrics })
  const port = await freePort()
  const env = { ...GatewayEnv.parse({ GATEWAY_PORT: String(port), ...options.env }), SECRET_KEY }
  const service = createGatewayService({ db, bus, journal, clock, log: silentLog(), metrics, env, health: [] })
  await service.start()
  cleanUps.push(() => service.stop())
  const org = await newOrg(journal)
  const url = `http://127.0.0.1:${port}`
  const view = async (query = '', headers: Record<string, string> = { authorization: `Bearer ${org.key}` }): Promise<Viewer> => {
    const viewer = await openViewer(`${url}/v1/stream?${query}`, { headers })
    cleanUps.push(() => viewer.close())
    await viewer.first('connected')
    return viewer
  }
  const token = async (claims: { actor?: Actor; events?: string[] } = {}) =>
    (
      await signRealtimeToken(
        deriveKey(SECRET_KEY, 'realtime-token'),
        { orgId: org.orgId, actor: tester, scope: 'read', ...claims },
        clock.now(),
      )
    ).token
  return { service, clock, metrics, journal, port, url, ...org, view, token }
}

/** An org whose journal holds one event, that of its key. */
export async function newOrg(journal: Journal) {
  const orgId = newId('org')
  await journal.change(orgId, tester, (change) => createOrg(change, { name: 'Org', ownerId: null }))
  const { key, id } = await journal.change(orgId, tester, (change) =>
    createApiKey(change, { name: 'k', scope: 'read', expiresAt: null }),
  )
  return { orgId, key, apiKeyId: id }
}

/** Commits events, so many in a change. */
export async function commit(journal: Journal, orgId: OrgId, count: number, perChange = 1): Promise<void> {
  for (let done = 0; done < count; done += perChange)
    await journal.change(orgId, tester, async (change) => {
      for (let n = 0; n < perChange; n += 1) change.emit(siteDeleted, { siteId: newId('site') })
    })
}
