import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { Scan } from '@tocsin/contract/api/scans'
import type { Site } from '@tocsin/contract/api/sites'
import type { Threat } from '@tocsin/contract/api/threats'
import { siteDeleted } from '@tocsin/contract/events/sites'
import { newId } from '@tocsin/contract/ids'
import { bootstrap } from '@tocsin/domain/accounts/bootstrap'
import { createDemoSite } from '@tocsin/fleet/demo/demo-site'
import { openFoundation } from '@tocsin/journal/foundation'
import { silentLog } from '@tocsin/process/log'
import { createTestDatabase } from '@tocsin/testkit/database'
import { orgOf } from '@tocsin/testkit/fleet'
import { startProcesses } from '@tocsin/testkit/processes'
import { startRedisCluster, untilTrue } from '@tocsin/testkit/redis-cluster'
import { createWebhookSink } from '@tocsin/testkit/sinks/webhook-sink'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'
import { type Frame, openViewer } from '@tocsin/testkit/viewer'

const scanOf = (frame: Frame) => (frame.data['data'] as { scan: Scan }).scan
const threatOf = (frame: Frame) => (frame.data['data'] as { threat: Threat }).threat
const seqOf = (message: { json: unknown }) => (message.json as { seq: number }).seq

test('on a Redis Cluster a threat reaches viewer and webhook, and nothing is lost when a node dies and comes back', async () => {
  const [database, cluster, website, hook] = await Promise.all([
    createTestDatabase(),
    startRedisCluster(),
    createDemoSite({}),
    createWebhookSink(),
  ])
  const foundation = openFoundation({ databaseUrl: database.url, redisUrl: cluster.url, log: silentLog() })
  const apiKey = `tcn_${'cluster'.repeat(4)}`
  const { orgId } = await bootstrap(foundation, {
    email: 'cluster@example.com',
    password: 'password of cluster',
    apiKey,
    orgName: 'cluster',
  })
  const processes = await startProcesses(
    {
      DATABASE_URL: database.url,
      REDIS_URL: cluster.url,
      SECRET_KEY: 'a secret that only tests may know, 32+',
      ALLOW_TARGET_CIDRS: '127.0.0.0/8',
    },
    join(temporaryFolder(), 'services.log'),
  )
  const org = orgOf(processes.apiUrl, orgId, apiKey)
  const redisIs = async (state: string) => {
    const answers = await Promise.all(
      [processes.apiUrl, processes.gatewayUrl].map(async (url) => (await fetch(`${url}/health`)).json()),
    )
    return answers.every((answer) => (answer as { redis: string }).redis === state)
  }
  try {
    await untilTrue(() => redisIs('ok'))
    const viewer = await openViewer(`${processes.gatewayUrl}/v1/stream?org_id=${orgId}`, {
      headers: { authorization: `Bearer ${apiKey}` },
    })
    await org.call('POST', '/v1/webhooks', { url: hook.url, events: ['threat.*', 'site.*'] })
    const site = await org.call<Site>('POST', '/v1/sites', {
      url: website.url,
      confirmation: { firstSeconds: 1, secondSeconds: 2, resolveSeconds: 2 },
    })
    const scanNow = async () => {
      const { id } = await org.call<Scan>('POST', `/v1/sites/${site.id}/scans`)
      await viewer.first('scan.completed', (frame) => scanOf(frame).id === id)
    }
    await scanNow()
    website.flip('noindex_page', true)
    await scanNow()
    const { id } = threatOf(await viewer.first('threat.detected'))
    const told = await hook.first((received) => (received.json as { type: string }).type === 'threat.detected')
    expect(told.json).toMatchObject({ data: { threat: { id, rule: 'idx.noindex' } } })

    // Of detector and notifier, each a process of its own, wherever the slot is.
    const counts = await Promise.all(
      cluster.nodes.map((node) => node.ask<[string, number]>('PUBSUB', 'SHARDNUMSUB', 'work:scan.queued')),
    )
    expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(2)

    const deleteOne = () =>
      foundation.journal.change(orgId, { kind: 'system', id: 'test' }, async (change) =>
        change.emit(siteDeleted, { siteId: newId('site') }),
      )
    const [, dying] = cluster.nodes
    if (!dying) throw new Error('There are three masters.')
    await deleteOne()
    await dying.kill()
    await untilTrue(() => redisIs('degraded'))
    for (let n = 0; n < 5; n += 1) await deleteOne()
    await dying.start()
    await untilTrue(() => redisIs('ok'))
    await deleteOne()
    const { data } = await org.call<{ data: { seq: number; type: string }[] }>('GET', '/v1/events?limit=1000')
    const deleted = data.filter((event) => event.type === 'site.deleted').map((event) => event.seq)
    expect(deleted).toHaveLength(7)
    await viewer.first('site.deleted', (frame) => frame.id === deleted.at(-1))
    const seen = viewer.frames.flatMap((frame) => (frame.event === 'site.deleted' ? [frame.id] : []))
    expect(seen).toEqual(deleted)
    for (const seq of deleted) await hook.first((received) => seqOf(received) === seq)
    viewer.close()
    expect(new Set(Object.values(await processes.stop()))).toEqual(new Set([0]))
  } finally {
    await processes.kill()
    await foundation.close()
    await Promise.all([cluster.stop(), website.close(), hook.close()])
    await database.drop()
  }
})
