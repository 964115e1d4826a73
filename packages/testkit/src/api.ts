import { ApiEnv } from '@tocsin/api/env'
import { createApiService } from '@tocsin/api/service'
import type { Scope } from '@tocsin/contract/api/orgs'
import type { OrgId } from '@tocsin/contract/ids'
import { freePort } from '@tocsin/db/embedded/free-port'
import { createApiKey } from '@tocsin/domain/api-keys/api-keys'
import type { Log } from '@tocsin/process/log'
import type { Service } from '@tocsin/process/service'
import { openTestFoundation, type TestFoundation } from './foundation.ts'

export interface TestAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed JSON; undefined if the answer is none. */
  readonly body: Record<string, unknown>
}

export interface TestRequest {
  key?: string
  headers?: Record<string, string>
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is. */
  raw?: string | Uint8Array<ArrayBuffer>
}

export interface TestApi {
  readonly url: string
  readonly world: TestFoundation
  readonly service: Service
  call(method: string, path: string, request?: TestRequest): Promise<TestAnswer>
  apiKey(orgId: OrgId, scope: Scope): Promise<string>
  stop(): Promise<void>
}

/** No name is looked up in a test: this is all that DNS knows. */
const names: Record<string, string> = {
  'example.com': '93.184.215.14',
  'shop.example': '93.184.215.14',
  'hook.example': '93.184.215.15',
  'inside.example': '10.0.0.7',
}

/** The api on a port of loopback, on a database of its own, with a clock that is set by hand. */
export async function startTestApi(
  options: { env?: Record<string, string>; log?: Log; dashboardDir?: string } = {},
): Promise<TestApi> {
  const world = await openTestFoundation()
  const port = await freePort()
  const env = ApiEnv.parse({
    PORT: String(port),
    API_SIGN_INS_PER_MINUTE: '1000',
    API_REQUESTS_PER_MINUTE: '100000',
    API_SENDS_PER_MINUTE: '100000',
    ...options.env,
  })
  const service = createApiService({
    ...world,
    ...(options.log ? { log: options.log } : {}),
    health: [{ name: 'database', vital: true, check: () => world.db.ping() }],
    env: { ...env, SECRET_KEY: 'a secret that only tests may know, 32+', PUBLIC_URL: options.env?.['PUBLIC_URL'] },
    mounts: [],
    dashboardDir: options.dashboardDir ?? null,
    async resolve(hostname) {
      const address = names[hostname]
      if (!address) throw Object.assign(new Error(`No such host: ${hostname}`), { code: 'ENOTFOUND' })
      return [{ address, family: 4 }]
    },
  })
  await service.start()
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    world,
    service,
    call: (method, path, request = {}) => callApi(url, method, path, request),
    apiKey: async (orgId, scope) =>
      (await world.change(orgId, (change) => createApiKey(change, { name: scope, scope, expiresAt: null }))).key,
    async stop() {
      await service.stop()
      await world.close()
    },
  }
}

async function callApi(url: string, method: string, path: string, request: TestRequest): Promise<TestAnswer> {
  const body = request.json === undefined ? request.raw : JSON.stringify(request.json)
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(request.key === undefined ? {} : { authorization: `Bearer ${request.key}` }),
      ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body }),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} }
}
