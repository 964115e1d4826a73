import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const Told = z.array(z.object({ outcome: z.string(), responseLength: z.number(), grownBytes: z.number() }))

/**
 * Sends a webhook from a process of its own, so many times at once to each of the addresses in turn, and says how its memory grew
 * meanwhile: in a test's own process the receiver's memory, and the garbage of other tests, would be counted too.
 */
export async function sendApart(
  urls: readonly string[],
  { atOnce = 1, deadlineMs }: { atOnce?: number; deadlineMs: number },
): Promise<z.infer<typeof Told>> {
  const program = `
    const from = (file) => import(${JSON.stringify(import.meta.dirname)} + '/' + file)
    const { createWebhookChannel } = await from('webhook.ts')
    const { newWebhookSecret } = await import('@tocsin/contract/webhook-signature')
    const { parseCidrs } = await import('@tocsin/outbound/guarded-address')
    const { createOutbound } = await import('@tocsin/outbound/guarded-http')
    const { createHandSetClock } = await import('@tocsin/process/clock')
    const { createSecretBox } = await import('@tocsin/process/secret-box')
    const { urls, atOnce, deadlineMs } = JSON.parse(process.argv[1])
    const box = createSecretBox('a secret that only tests may know, 32+', 'webhook')
    const outbound = createOutbound({ allowCidrs: parseCidrs('127.0.0.0/8'), connectTimeoutMs: deadlineMs })
    const channel = createWebhookChannel({ outbound, box, clock: createHandSetClock(new Date()), deadlineMs })
    const receiverId = 'whk_0123456789abcdefghjkmnpq'
    const delivery = (url) => ({
      id: 'dlv_0123456789abcdefghjkmnpq', orgId: 'org_0123456789abcdefghjkmnpq', receiverId, token: 'token', reason: 'subscribed',
      message: { seq: 7, type: 'site.paused', at: '2026-03-02T09:00:00.000Z', data: {} }, attempts: 0, step: 0, redeliveredAt: null,
      url, secret: box.seal(newWebhookSecret(), receiverId), oldSecret: null, headers: null, retries: 'standard',
      address: null, kind: null, config: null, credentials: null,
    })
    const never = new AbortController().signal
    const told = []
    for (const url of urls) {
      const before = process.memoryUsage().rss
      let peak = before
      const look = () => { peak = Math.max(peak, process.memoryUsage().rss) }
      const watch = setInterval(look, 5)
      const results = await Promise.all(Array.from({ length: atOnce }, () => channel.send(delivery(url), never)))
      look()
      clearInterval(watch)
      for (const { outcome, response } of results) told.push({ outcome, responseLength: response.length, grownBytes: peak - before })
    }
    console.log(JSON.stringify(told))
    process.exit(0)`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program, JSON.stringify({ urls, atOnce, deadlineMs })],
    { cwd: join(import.meta.dirname, '../..'), timeout: 55_000 },
  )
  return Told.parse(JSON.parse(stdout))
}

/** More than this no receiver may cost, whatever it answers. */
export const grownBytesMax = 32 * 1024 * 1024
