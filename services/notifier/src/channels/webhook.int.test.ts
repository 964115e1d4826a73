import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { newWebhookSecret } from '@tocsin/contract/webhook-signature'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import { createHandSetClock } from '@tocsin/process/clock'
import { createSecretBox } from '@tocsin/process/secret-box'
import { createWebhookSink, type SinkAnswer, type WebhookSink } from '@tocsin/testkit/sinks/webhook-sink'
import { type ChannelUnderTest, claimedOf, describeChannel, roomyDeadlineMs, shortDeadlineMs } from './channel.contract.ts'
import { responseBytesMax } from './channel.ts'
import { grownBytesMax, sendApart } from './sender-apart.contract.ts'
import { createWebhookChannel } from './webhook.ts'

const box = createSecretBox('a secret that only tests may know, 32+', 'webhook')
const receiverId = 'whk_0123456789abcdefghjkmnpq'

async function open(allow = '127.0.0.0/8', deadlineMs = roomyDeadlineMs) {
  const sink = await createWebhookSink()
  const secret = newWebhookSecret()
  // The library that verifies reads the wall clock.
  const clock = createHandSetClock(new Date())
  const outbound = createOutbound({ allowCidrs: parseCidrs(allow), connectTimeoutMs: deadlineMs })
  const channel = createWebhookChannel({ outbound, box, clock, deadlineMs })
  const delivery = claimedOf({ receiverId, url: sink.url, secret: box.seal(secret, receiverId) })
  return { sink, secret, clock, channel, delivery }
}

describeChannel('webhook', async (deadlineMs): Promise<ChannelUnderTest> => {
  const { sink, channel, delivery } = await open(undefined, deadlineMs)
  let isOpen = true
  const vanish = async () => {
    if (isOpen) await sink.close()
    isOpen = false
  }
  return {
    channel,
    delivery,
    refuseForNow: () => sink.answer(503),
    hang: () => sink.answer({ kind: 'hang' }),
    vanish,
    receivedIds: () => sink.messages.map(({ headers }) => headers['webhook-id'] ?? ''),
    async close() {
      await channel.close()
      await vanish()
    },
  }
})

describe('a webhook', () => {
  let it: Awaited<ReturnType<typeof open>>
  let sink: WebhookSink
  const signal = new AbortController().signal
  const send = () => it.channel.send(it.delivery, signal)
  const reopen = async (allow?: string, deadlineMs?: number) => {
    await it.channel.close()
    await sink.close()
    it = await open(allow, deadlineMs)
    sink = it.sink
  }
  beforeEach(async () => {
    it = await open()
    sink = it.sink
  })
  afterEach(async () => {
    await it.channel.close()
    await sink.close()
  })

  test('is what Standard Webhooks says, to the library of its authors', async () => {
    sink.verifyWith(it.secret)
    await send()
    expect(sink.messages).toMatchObject([
      {
        method: 'POST',
        verified: true,
        headers: { 'content-type': 'application/json', 'user-agent': 'Tocsin/1.0', 'webhook-id': it.delivery.id },
        json: {
          type: 'site.paused',
          timestamp: '2026-03-02T09:00:00.000Z',
          orgId: it.delivery.orgId,
          seq: 7,
          data: { siteId: 'site_1' },
        },
      },
    ])
  })

  test('carries both signatures while a rotated secret is good, new first', async () => {
    const old = newWebhookSecret()
    it.delivery.oldSecret = box.seal(old, receiverId)
    await send()
    expect(sink.messages[0]?.headers['webhook-signature']?.split(' ')).toHaveLength(2)
    sink.verifyWith(old)
    expect(sink.messages[0]?.verified).toBe(true)
    sink.verifyWith(it.secret)
    expect(sink.messages[0]?.verified).toBe(true)
  })

  test('is dated anew at each attempt', async () => {
    sink.verifyWith(it.secret)
    await send()
    it.clock.advance(60_000)
    await send()
    const [first = 0, second = 0] = sink.messages.map(({ headers }) => Number(headers['webhook-timestamp']))
    expect(second - first).toBe(60)
    expect(sink.messages.map(({ verified }) => verified)).toEqual([true, true])
  })

  const endings: [string, SinkAnswer | number, object][] = [
    [
      'a redirect is a failure and not followed',
      { kind: 'status', status: 302, headers: { location: 'http://169.254.169.254/' } },
      { outcome: 'rejected', retry: true, status: 302 },
    ],
    ['404 is tried again', 404, { outcome: 'rejected', retry: true, status: 404 }],
    ['410 never', 410, { outcome: 'gone', retry: false, status: 410 }],
    [
      '429 slows the endpoint',
      { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
      { retryAfterMs: 7_000, slow: true },
    ],
    ['503 says when', { kind: 'status', status: 503, headers: { 'retry-after': '9' } }, { retryAfterMs: 9_000, slow: false }],
    ['502 slows the endpoint', 502, { slow: true, retryAfterMs: null }],
    [
      'Retry-After counts on 429 and 503 only',
      { kind: 'status', status: 500, headers: { 'retry-after': '9' } },
      { retryAfterMs: null },
    ],
    ['a body without end after a 2xx is a success', { kind: 'endless' }, { outcome: 'accepted', status: 200 }],
    ['a body cut short is no answer', { kind: 'cut' }, { outcome: 'refused', retry: true }],
    ['a compressed answer is not asked for', { kind: 'status', status: 200, body: 'plain' }, { response: 'plain' }],
  ]
  test.each(endings)('%s', async (_name, answer, expected) => {
    sink.answer(answer)
    expect(await send()).toMatchObject(expected)
    expect(sink.messages).toHaveLength(1)
  })

  test('a byte now and then does not outlast the deadline', async () => {
    await reopen(undefined, shortDeadlineMs)
    sink.answer({ kind: 'slow', byteEveryMs: 20 })
    const result = await send()
    expect(result).toMatchObject({ outcome: 'timeout', retry: true })
    expect(result.latencyMs).toBeLessThan(shortDeadlineMs + 1_000)
    expect(sink.messages).toHaveLength(1)
  })

  test('a gigabyte of answer costs its first 16 kB', async () => {
    sink.answer({ kind: 'endless' })
    expect((await send()).response).toHaveLength(responseBytesMax)
    const [told] = await sendApart([sink.url], { deadlineMs: roomyDeadlineMs })
    expect(told).toMatchObject({ outcome: 'accepted', responseLength: responseBytesMax })
    expect(told?.grownBytes).toBeLessThan(grownBytesMax)
  })

  test('never reaches into a private network, by address or by name', async () => {
    await reopen('')
    expect(await send()).toMatchObject({ outcome: 'blocked_address', retry: true })
    it.delivery.url = sink.url.replace('127.0.0.1', 'localhost')
    expect(await send()).toMatchObject({ outcome: 'blocked_address' })
    expect(sink.messages).toEqual([])
  })

  test('a secret moved to another endpoint does not open', async () => {
    it.delivery.receiverId = 'whk_zzzzzzzzzzzzzzzzzzzzzzzz'
    await expect(send()).rejects.toThrow()
  })
})
