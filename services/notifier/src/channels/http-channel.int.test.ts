import { describe, expect, test } from '@jest/globals'
import { type ChatKind, channels } from '@tocsin/contract/channels/catalog'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import { createHandSetClock } from '@tocsin/process/clock'
import { createSecretBox } from '@tocsin/process/secret-box'
import { createWebhookSink, type SinkAnswer } from '@tocsin/testkit/sinks/webhook-sink'
import { type ChannelUnderTest, claimedOf, describeChannel, roomyDeadlineMs, shortDeadlineMs } from './channel.contract.ts'
import { responseBytesMax } from './channel.ts'
import { createHttpChannel } from './http-channel.ts'

const box = createSecretBox('a secret that only tests may know, 32+', 'destination')
const receiverId = 'dst_0123456789abcdefghjkmnpq'

/** Everything that a kind asks for, led to our own server. */
const settingsFor = (kind: ChatKind, url: string): Record<string, unknown> => {
  const baseUrl = new URL(url).origin
  const all: Record<ChatKind, Record<string, unknown>> = {
    slack: { url },
    discord: { url },
    teams: { url },
    telegram: { token: '123456:secretsecret', chatId: '-100123', baseUrl },
    google_chat: { url: `${url}?key=secretsecret` },
    mattermost: { url },
    rocketchat: { url },
    ntfy: { topic: 'shop', accessToken: 'secretsecret', baseUrl },
    gotify: { baseUrl, token: 'secretsecret' },
    pushover: { token: 'secretsecret', user: 'secretuser', baseUrl },
    pagerduty: { routingKey: 'secretsecret', baseUrl },
    opsgenie: { apiKey: 'secretsecret', baseUrl },
    twilio: { accountSid: `AC${'0'.repeat(32)}`, authToken: 'secretsecret', from: '+15550001111', to: '+15550002222', baseUrl },
    apprise: { baseUrl, key: 'ops' },
  }
  return all[kind]
}

async function open(kind: ChatKind, { allow = '127.0.0.0/8', deadlineMs = roomyDeadlineMs } = {}) {
  const sink = await createWebhookSink()
  const outbound = createOutbound({ allowCidrs: parseCidrs(allow), connectTimeoutMs: deadlineMs })
  const channel = createHttpChannel({
    outbound,
    box,
    clock: createHandSetClock(new Date('2026-03-02T09:00:00Z')),
    publicUrl: 'https://tocsin.example',
    deadlineMs,
  })
  const settings = settingsFor(kind, sink.url)
  const secrets: readonly string[] = channels[kind].secrets
  const sealed = Object.fromEntries(Object.entries(settings).filter(([name]) => secrets.includes(name)))
  const delivery = claimedOf({
    receiverId,
    kind,
    config: Object.fromEntries(Object.entries(settings).filter(([name]) => !secrets.includes(name))),
    credentials: Object.keys(sealed).length === 0 ? null : box.seal(JSON.stringify(sealed), receiverId),
  })
  let isOpen = true
  const vanish = async () => {
    if (isOpen) await sink.close()
    isOpen = false
  }
  const close = async () => {
    await channel.close()
    await vanish()
  }
  return { sink, channel, delivery, sealed, vanish, close }
}

const signal = new AbortController().signal
const kinds = Object.keys(channels) as ChatKind[]

describe.each(kinds)('%s', (kind) => {
  describeChannel('as any channel', async (deadlineMs): Promise<ChannelUnderTest> => {
    const { sink, channel, delivery, vanish, close } = await open(kind, { deadlineMs })
    return {
      channel,
      delivery,
      refuseForNow: () => sink.answer(503),
      hang: () => sink.answer({ kind: 'hang' }),
      vanish,
      receivedIds: () => sink.messages.map(({ headers }) => headers['x-tocsin-delivery'] ?? ''),
      close,
    }
  })

  test('410 is for ever, what it is asked is not shown again, and no answer is too long', async () => {
    const it = await open(kind)
    try {
      it.sink.answer(410)
      expect(await it.channel.send(it.delivery, signal)).toMatchObject({ outcome: 'gone', retry: false, status: 410 })
      const echo = `You sent ${Object.values(it.sealed).join(' and ')}. ${'x'.repeat(responseBytesMax)}`
      it.sink.answer({ kind: 'status', status: 500, body: echo })
      const { response } = await it.channel.send(it.delivery, signal)
      for (const secret of Object.values(it.sealed)) expect(response).not.toContain(secret)
      expect(response.length).toBeLessThanOrEqual(responseBytesMax)
    } finally {
      await it.close()
    }
  })
})

describe('any of them', () => {
  const sent = async (answer: SinkAnswer, how: Parameters<typeof open>[1] = {}) => {
    const it = await open('slack', how)
    try {
      it.sink.answer(answer)
      return { result: await it.channel.send(it.delivery, signal), messages: it.sink.messages }
    } finally {
      await it.close()
    }
  }

  test('an address that may not be reached is not', async () => {
    const { result, messages } = await sent({ kind: 'status', status: 200 }, { allow: '10.0.0.0/8' })
    expect(result).toMatchObject({ outcome: 'blocked_address', status: null })
    expect(messages).toHaveLength(0)
  })

  test('a redirect is not followed', async () => {
    const answer: SinkAnswer = { kind: 'status', status: 302, headers: { location: 'http://169.254.169.254/latest' } }
    expect((await sent(answer)).result).toMatchObject({ outcome: 'rejected', retry: true, status: 302 })
  })

  test('an endless answer, or one byte now and then, ends by the deadline', async () => {
    expect((await sent({ kind: 'slow', byteEveryMs: 20 }, { deadlineMs: shortDeadlineMs })).result).toMatchObject({
      outcome: 'timeout',
    })
    expect((await sent({ kind: 'endless' })).result.response.length).toBeLessThanOrEqual(responseBytesMax)
  })

  test('when it asks us to wait, we do', async () => {
    const { result } = await sent({ kind: 'status', status: 429, headers: { 'retry-after': '17' } })
    expect(result).toMatchObject({ retry: true, retryAfterMs: 17_000, slow: true })
  })

  test('settings that another row had sealed do not open', async () => {
    const it = await open('slack')
    try {
      const moved = { ...it.delivery, receiverId: 'dst_1123456789abcdefghjkmnpq' }
      await expect(it.channel.send(moved, signal)).rejects.toThrow()
    } finally {
      await it.close()
    }
  })
})
