import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, jest, test } from '@jest/globals'
import type { Site } from '@tocsin/contract/api/sites'
import { freePort } from '@tocsin/db/embedded/free-port'
import { type Program, startProgram } from '@tocsin/testkit/program'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'

jest.setTimeout(180_000)

const main = 'services/fleet/src/main.ts'
let program: Program | null = null

afterEach(() => program?.end('SIGKILL'))

async function ready(started: Program) {
  const [, url = ''] = await started.printed(/Dashboard +(http\S+)/)
  const [, apiKey = ''] = await started.printed(/API key +(tcn_\S+)/)
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }
  return { url, apiKey, call }
}

test('npm start needs nothing, survives kill -9 with its data, and stops cleanly', async () => {
  const env = { DATA_DIR: temporaryFolder(), PORT: String(await freePort()), ALLOW_TARGET_CIDRS: '127.0.0.0/8' }
  program = startProgram(main, [], env)
  const first = await ready(program)
  const created = await first.call('POST', '/v1/sites', { url: 'http://127.0.0.1:9/' })
  expect(created.status).toBe(201)
  expect((await first.call('GET', '/health')).json).toMatchObject({ status: 'ok', database: 'ok' })
  await program.end('SIGKILL')

  program = startProgram(main, [], env)
  const second = await ready(program)
  expect(second.apiKey).toBe(first.apiKey)
  const { json } = await second.call('GET', '/v1/sites')
  expect((json['data'] as Site[]).map((site) => site.url)).toEqual(['http://127.0.0.1:9/'])
  expect(await program.end('SIGINT')).toBe(0)
  expect(program.output()).not.toContain(`"${first.apiKey}`)
})

test('a wrong environment is told in plain words, all of it, without values', async () => {
  program = startProgram(main, [], { DATA_DIR: temporaryFolder(), PORT: 'eighty', DATABASE_URL: 'mysql://u:hunter2@h/d' })
  const [code] = (await new Promise<[number | null]>((resolve) => program?.child.once('exit', (exit) => resolve([exit])))) as [
    number | null,
  ]
  expect(code).toBe(1)
  expect(program.output()).toMatch(/PORT/)
  expect(program.output()).toMatch(/DATABASE_URL/)
  expect(program.output()).not.toMatch(/hunter2|at file:/)
})

test('the demo goes from a switch to a threat, a verified webhook and a mail, and back', async () => {
  const port = await freePort()
  program = startProgram(main, ['--demo'], { DATA_DIR: temporaryFolder(), PORT: String(port) })
  const { url, call } = await ready(program)
  const { json } = await call('GET', '/v1/sites')
  const [site] = json['data'] as [Site]
  const flip = (on: boolean) => fetch(`${url}/demo/flip?name=noindex_page&on=${on}`, { method: 'POST' })
  const after = async (seq: number, type: string) => {
    for (let cursor = seq; ; ) {
      const page = (await call('GET', `/v1/events?after=${cursor}&wait=25`)).json as { data: { seq: number; type: string }[] }
      const found = page.data.find((event) => event.type === type)
      if (found) return found.seq
      cursor = page.data.at(-1)?.seq ?? cursor
    }
  }
  const scan = async (seq: number) => {
    await call('POST', `/v1/sites/${site.id}/scans`)
    return after(seq, 'scan.completed')
  }
  const baseline = await scan(0)
  await flip(true)
  const broken = await scan(baseline)
  const detected = await after(baseline, 'threat.detected')
  await flip(false)
  await scan(Math.max(broken, detected))
  await after(detected, 'threat.resolved')

  const live = await fetch(`${url}/demo/live`)
  const reader = live.body
    ?.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  let text = ''
  while (
    !(text.includes('"type":"threat.resolved","verified":true') && text.includes('"type":"threat.detected","verified":true'))
  )
    text += (await reader?.read())?.value ?? ''
  await reader?.cancel()

  const mailbox = `http://127.0.0.1:${port + 13}`
  const subjects = async () => JSON.stringify(await (await fetch(`${mailbox}/api/email`)).json())
  // The mailbox is a program that tells nobody when a mail comes: it can only be asked.
  while (!/esolved/.test(await subjects())) await delay(100)
  expect(await program.end('SIGTERM')).toBe(0)
})
