import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { freePort } from '@tocsin/db/embedded/free-port'
import { createTestDatabase } from '@tocsin/testkit/database'
import { startProgram } from '@tocsin/testkit/program'
import { testRedisUrl } from '@tocsin/testkit/redis'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'
import { openViewer } from '@tocsin/testkit/viewer'

const portNames = ['PORT', 'GATEWAY_PORT', 'SCHEDULER_PORT', 'DETECTOR_PORT', 'NOTIFIER_PORT'] as const

test('npm run fleet runs each service apart, starts again what dies, and stops cleanly', async () => {
  const database = await createTestDatabase()
  const ports: Record<string, string> = Object.fromEntries(
    await Promise.all(portNames.map(async (name) => [name, String(await freePort())])),
  )
  const program = startProgram('services/fleet/src/processes.ts', [], {
    DATABASE_URL: database.url,
    REDIS_URL: testRedisUrl(),
    DATA_DIR: temporaryFolder(),
    ...ports,
  })
  try {
    const [, url] = await program.printed(/Dashboard +(http\S+)/)
    const [, apiKey] = await program.printed(/API key +(tcn_\S+)/)
    const health = async (port: string) => (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as { redis?: string }
    for (const port of Object.values(ports)) {
      while ((await health(port).catch(() => null))?.redis !== 'ok') await delay(50) // It may still be connecting.
      expect(await health(port)).toMatchObject({ status: 'ok', database: 'ok', redis: 'ok' })
    }

    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/v1/realtime/token`, { method: 'POST', headers, body: '{}' })
    const { token, streamUrl } = (await answer.json()) as { token: string; streamUrl: string }
    expect(new URL(streamUrl).port).toBe(ports['GATEWAY_PORT'])
    const viewer = await openViewer(`${streamUrl}?token=${token}`)
    await fetch(`${url}/v1/destinations`, { method: 'POST', headers, body: '{"kind":"email","address":"on@call.example"}' })
    await viewer.first('destination.created')
    viewer.close()

    const [, pid] = await program.printed(/"child":"scheduler","pid":(\d+)/)
    process.kill(Number(pid), 'SIGKILL')
    await program.printed(/"child":"scheduler".*died/)
    while (!(await health(ports['SCHEDULER_PORT'] ?? '').catch(() => null))) await delay(50)
    expect(await program.end('SIGTERM')).toBe(0)
  } finally {
    await program.end('SIGKILL')
    await database.drop()
  }
})
