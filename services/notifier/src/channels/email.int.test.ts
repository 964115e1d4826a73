import { describe, expect, test } from '@jest/globals'
import { testMessageType } from '@tocsin/contract/message'
import { createHandSetClock } from '@tocsin/process/clock'
import { createMailSink } from '@tocsin/testkit/sinks/mail-sink'
import { type ChannelUnderTest, claimedOf, describeChannel, roomyDeadlineMs, shortDeadlineMs } from './channel.contract.ts'
import { createEmailChannel } from './email.ts'

const clock = createHandSetClock(new Date('2026-03-02T09:00:00Z'))
const address = 'oncall@shop.example'
const own = new Map([['test', { subject: 'Probe of {{ nothing }}', intro: 'Our own words.' }]])

async function open(deadlineMs = roomyDeadlineMs) {
  const sink = await createMailSink()
  const channel = createEmailChannel({
    smtpUrl: sink.url,
    from: 'Tocsin <alerts@tocsin.example>',
    publicUrl: 'https://tocsin.example',
    clock,
    overridesOf: async () => own,
    deadlineMs,
  })
  const message = { seq: null, type: testMessageType, at: '2026-03-02T09:00:00.000Z', data: {} }
  return { sink, channel, delivery: claimedOf({ address, message }) }
}

describeChannel('email', async (deadlineMs): Promise<ChannelUnderTest> => {
  const { sink, channel, delivery } = await open(deadlineMs)
  let isOpen = true
  const vanish = async () => {
    if (isOpen) await sink.close()
    isOpen = false
  }
  return {
    channel,
    delivery,
    refuseForNow: () => sink.behave({ kind: 'refuse', at: 'data', code: 451 }),
    hang: () => sink.behave({ kind: 'hang', at: 'data' }),
    vanish,
    receivedIds: () => sink.messages.map(({ headers }) => JSON.stringify(headers.get('message-id'))),
    async close() {
      await channel.close()
      await vanish()
    },
  }
})

describe('a mail', () => {
  const signal = new AbortController().signal

  test('has text, html, its date and a sender that no machine answers', async () => {
    const { sink, channel, delivery } = await open()
    await channel.send(delivery, signal)
    const [mail] = sink.messages
    expect(mail).toMatchObject({ from: 'alerts@tocsin.example', to: [address], subject: 'Test: Tocsin can reach you' })
    expect(mail?.text).toContain('Our own words.')
    expect(mail?.html).toContain('https://tocsin.example/')
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
    expect(mail?.headers.get('date')).toEqual(clock.now())
    await channel.close()
    await sink.close()
  })

  test.each(['recipient', 'data'] as const)('refused for good at the %s: never again', async (at) => {
    const { sink, channel, delivery } = await open()
    sink.behave({ kind: 'refuse', at, code: 550 })
    expect(await channel.send(delivery, signal)).toMatchObject({ outcome: 'rejected', retry: false, status: 550 })
    await channel.close()
    await sink.close()
  })

  test('a server that does not greet is given up by the deadline', async () => {
    const { sink, channel, delivery } = await open(shortDeadlineMs)
    sink.behave({ kind: 'hang', at: 'greeting' })
    expect(await channel.send(delivery, signal)).toMatchObject({ outcome: 'timeout', retry: true })
    await channel.close()
    await sink.close()
  })

  test('without a mail server it says so', async () => {
    const channel = createEmailChannel({ smtpUrl: null, from: 'a@b', publicUrl: null, clock, overridesOf: async () => own })
    expect(await channel.send(claimedOf({ address }), signal)).toMatchObject({
      outcome: 'refused',
      retry: true,
      response: 'SMTP_URL is not set',
    })
  })
})
