import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { signWebhook } from '@tocsin/contract/webhook-signature'
import { createTransport } from 'nodemailer'
import { createMailSink, type MailSink } from './mail-sink.ts'
import { createWebhookSink } from './webhook-sink.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
let closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
const webhookSink = async (options?: { now: () => Date }) => {
  const sink = await createWebhookSink(options)
  closing.push(sink.close)
  return sink
}

async function post(url: string, at: Date, body: string): Promise<Response> {
  const timestamp = Math.floor(at.getTime() / 1000)
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': await signWebhook(secret, 'msg_1', timestamp, body),
  }
  return await fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
}

describe('webhook sink', () => {
  test('keeps the bytes and says whether they are signed', async () => {
    const sink = await webhookSink()
    sink.verifyWith(secret)
    const two = sink.received(2)
    await post(sink.url, new Date(), '{"a": 1}')
    await fetch(sink.url, { method: 'POST', body: '{"a": 1}' })
    expect(await two).toMatchObject([
      { body: '{"a": 1}', json: { a: 1 }, verified: true },
      { body: '{"a": 1}', verified: false },
    ])
  })

  test('judges age by the clock it is given', async () => {
    const then = new Date('2030-01-01T00:00:00Z')
    const sink = await webhookSink({ now: () => then })
    await post(sink.url, then, '{}')
    await post(sink.url, new Date(then.getTime() - 6 * 60_000), '{}')
    sink.verifyWith(secret)
    expect(sink.messages.map(({ verified }) => verified)).toEqual([true, false])
  })

  test('answers in the order it was told, the last one for ever', async () => {
    const sink = await webhookSink()
    sink.answer(
      { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
      { kind: 'status', status: 302, headers: { location: '/else' } },
      410,
    )
    const answers = []
    for (let n = 0; n < 4; n += 1) answers.push(await post(sink.url, new Date(), '{}'))
    expect(answers.map(({ status }) => status)).toEqual([429, 302, 410, 410])
    expect(answers[0]?.headers.get('retry-after')).toBe('7')
  })

  test.each([{ kind: 'slow', byteEveryMs: 5 }, { kind: 'endless' }] as const)(
    '$kind: the body goes on until the reader leaves',
    async (answer) => {
      const sink = await webhookSink()
      sink.answer(answer)
      const reader = (await post(sink.url, new Date(), '{}')).body?.getReader()
      expect((await reader?.read())?.done).toBe(false)
      expect((await reader?.read())?.done).toBe(false)
      await reader?.cancel()
    },
  )

  test('cut: the connection ends in the middle of the body', async () => {
    const sink = await webhookSink()
    sink.answer({ kind: 'cut' })
    await expect(post(sink.url, new Date(), '{}').then((answer) => answer.text())).rejects.toThrow('terminated')
  })

  test('hang: the request arrives and is never answered', async () => {
    const sink = await webhookSink()
    sink.answer({ kind: 'hang' })
    const leaving = new AbortController()
    const answer = fetch(sink.url, { method: 'POST', body: '{}', signal: leaving.signal })
    await sink.received(1)
    leaving.abort()
    await expect(answer).rejects.toThrow('aborted')
  })
})

describe('mail sink', () => {
  const mail = { from: 'alerts@tocsin.test', to: 'ada@example.test', subject: 'Häuser', text: 'plain', html: '<b>rich</b>' }
  const mailSink = async () => {
    const sink = await createMailSink()
    closing.push(sink.close)
    return sink
  }
  const send = (sink: MailSink) => createTransport(sink.url).sendMail(mail)

  test('keeps what was sent', async () => {
    const sink = await mailSink()
    const arrived = sink.first(({ subject }) => subject === 'Häuser')
    await send(sink)
    expect(await arrived).toMatchObject({
      from: mail.from,
      to: [mail.to],
      text: 'plain',
      html: '<b>rich</b>',
      headerTo: mail.to,
    })
  })

  test.each(['recipient', 'data'] as const)('refuses at the %s', async (at) => {
    const sink = await mailSink()
    sink.behave({ kind: 'refuse', at, code: 451 })
    await expect(send(sink)).rejects.toMatchObject({ responseCode: 451 })
    sink.behave({ kind: 'refuse', at, code: 550 })
    await expect(send(sink)).rejects.toMatchObject({ responseCode: 550 })
    expect(sink.messages).toEqual([])
    sink.behave({ kind: 'accept' })
    await send(sink)
    expect(sink.messages).toHaveLength(1)
  })

  test('hangs before its greeting, and can still be closed', async () => {
    const sink = await mailSink()
    sink.behave({ kind: 'hang', at: 'greeting' })
    const socket = connect(Number(new URL(sink.url).port), '127.0.0.1')
    let said = ''
    socket.on('data', (bytes) => {
      said += bytes.toString()
    })
    await once(socket, 'connect')
    const ended = once(socket, 'close')
    await sink.close()
    closing = []
    await ended
    expect(said).not.toMatch(/^220/)
  })
})
