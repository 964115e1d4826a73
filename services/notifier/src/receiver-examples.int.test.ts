import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { newWebhookSecret } from '@tocsin/contract/webhook-signature'
import { freePort } from '@tocsin/db/embedded/free-port'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import { createHandSetClock } from '@tocsin/process/clock'
import { createSecretBox } from '@tocsin/process/secret-box'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'
import { claimedOf } from './channels/channel.contract.ts'
import { createWebhookChannel } from './channels/webhook.ts'

const document = readFileSync(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8')
const box = createSecretBox('a secret that only tests may know, 32+', 'webhook')
const receiverId = 'whk_0123456789abcdefghjkmnpq'
const languages = [
  { language: 'js', file: 'receiver.mjs', command: [process.execPath] },
  { language: 'python', file: 'receiver.py', command: ['python3'] },
  { language: 'go', file: 'receiver.go', command: ['go', 'run'] },
]

function exampleIn(language: string): string {
  const [, code] = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(document) ?? []
  if (code === undefined) throw new Error(`docs/webhooks.md has no example in ${language}.`)
  return code
}
const isInstalled = ([program = '']: readonly string[]): boolean =>
  spawnSync(program, [program === 'go' ? 'version' : '--version']).status === 0

describe.each(languages)('the receiver of docs/webhooks.md in $language', ({ language, file, command }) => {
  let folder: string
  let receiver: ChildProcess | null = null
  beforeEach(() => {
    folder = temporaryFolder()
    writeFileSync(join(folder, file), exampleIn(language))
  })
  afterEach(async () => {
    if (receiver && receiver.exitCode === null) {
      const exit = once(receiver, 'exit')
      receiver.kill('SIGKILL')
      await exit
    }
    rmSync(folder, { recursive: true, force: true })
  })

  const runs = isInstalled(command) ? test : test.skip
  runs('takes what we send, says each once, and refuses what is forged, old or changed', async () => {
    const secret = newWebhookSecret()
    const old = newWebhookSecret()
    const port = await freePort()
    const [program = '', ...args] = command
    receiver = spawn(program, [...args, join(folder, file)], {
      env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (!receiver.stdout) throw new Error('The receiver has no output.')
    const said: string[] = []
    const lines = createInterface(receiver.stdout)
    lines.on('line', (line) => said.push(line))
    await once(lines, 'line')
    const clock = createHandSetClock(new Date())
    const outbound = createOutbound({ allowCidrs: parseCidrs('127.0.0.0/8'), connectTimeoutMs: 5_000 })
    const channel = createWebhookChannel({ outbound, box, clock })
    const statusOf = async (more: object) => {
      const delivery = claimedOf({ receiverId, url: `http://127.0.0.1:${port}/`, secret: box.seal(secret, receiverId), ...more })
      return (await channel.send(delivery, new AbortController().signal)).status
    }
    expect(await statusOf({})).toBe(204)
    expect(await statusOf({})).toBe(204)
    expect(await statusOf({ secret: box.seal(old, receiverId) })).toBe(401)
    // Rotating: whichever of the two it knows.
    expect(await statusOf({ id: 'dlv_2', secret: box.seal(old, receiverId), oldSecret: box.seal(secret, receiverId) })).toBe(204)
    clock.advance(-301_000)
    expect(await statusOf({})).toBe(401)
    await channel.close()
    expect(said.slice(0, 3)).toEqual(['ready', `${claimedOf({}).id} 7 site.paused`, 'dlv_2 7 site.paused'])
  })
})
