import { setTimeout as delay } from 'node:timers/promises'
import type { OrgId } from '@tocsin/contract/ids'
import { freePort } from '@tocsin/db/embedded/free-port'
import { bootstrap } from '@tocsin/domain/accounts/bootstrap'
import { FleetEnv } from '@tocsin/fleet/env'
import { createFleet, type Fleet } from '@tocsin/fleet/fleet'
import { createLog } from '@tocsin/process/log'
import { createTestDatabase } from './database.ts'
import { createShiftedClock, type ShiftedClock } from './shifted-clock.ts'
import { createMailSink, type MailSink } from './sinks/mail-sink.ts'
import { openViewer, type Viewer } from './viewer.ts'

export interface TestOrg {
  readonly orgId: OrgId
  readonly apiKey: string
  /** Answers the parsed body; throws on anything but 2xx. */
  call<Answer = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer>
  view(query?: string): Promise<Viewer>
}

export interface TestFleet {
  readonly url: string
  readonly fleet: Fleet
  readonly clock: ShiftedClock
  readonly mail: MailSink
  /** Another org of the same installation, with an admin's API key. */
  org(name: string): Promise<TestOrg>
  /** Lets the fleet do what it is about to do, before a test asks again. */
  settle(): Promise<void>
  stop(): Promise<void>
}

/** The whole product in this process, on a database of its own, with a clock that can jump and a mailbox. */
export async function startTestFleet(more: Record<string, string> = {}): Promise<TestFleet> {
  const database = await createTestDatabase()
  const clock = createShiftedClock()
  const mail = await createMailSink()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = FleetEnv.parse({
    DATABASE_URL: database.url,
    SECRET_KEY: 'a secret that only tests may know, 32+',
    PORT: String(port),
    PUBLIC_URL: url,
    SMTP_URL: mail.url,
    ALLOW_TARGET_CIDRS: '127.0.0.0/8',
    // A day passes in a test in no time, and a browser takes minutes.
    CHROMIUM_PATH: 'off',
    ...more,
  })
  const log = createLog({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' })
  const fleet = createFleet({ env, log, clock, dashboardDir: more['DASHBOARD_DIR'] ?? null })
  await fleet.start()
  return {
    url,
    fleet,
    clock,
    mail,
    async org(name) {
      const apiKey = `tcn_${name.replaceAll(/[^a-z]/g, '')}${'0'.repeat(24)}`
      const { orgId } = await bootstrap(fleet.foundation, {
        email: `${name}@example.com`,
        password: `password of ${name}`,
        apiKey,
        orgName: name,
      })
      return orgOf(url, orgId, apiKey)
    },
    settle: () => delay(20),
    async stop() {
      await fleet.stop()
      await mail.close()
      await database.drop()
    },
  }
}

export function orgOf(url: string, orgId: OrgId, apiKey: string): TestOrg {
  const authorization = `Bearer ${apiKey}`
  return {
    orgId,
    apiKey,
    async call<Answer>(method: string, path: string, body?: unknown) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
      // Callers say what they expect; a wrong expectation fails their next assertion.
      return (text === '' ? undefined : JSON.parse(text)) as Answer
    },
    view: (query = '') => openViewer(`${url}/v1/stream?org_id=${orgId}${query}`, { headers: { authorization } }),
  }
}
