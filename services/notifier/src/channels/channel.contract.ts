import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ClaimedDelivery } from '@tocsin/domain/deliveries/claim'
import type { Channel } from './channel.ts'

/** A channel and the receiver at its other end, which misbehaves on request. */
export interface ChannelUnderTest {
  readonly channel: Channel
  readonly delivery: ClaimedDelivery
  /** "Not now, try again." */
  refuseForNow(): void
  /** Takes the message and never answers. */
  hang(): void
  /** The receiver's server is gone. */
  vanish(): Promise<void>
  /** By what a receiver recognises each message that has arrived. */
  receivedIds(): string[]
  close(): Promise<void>
}

/** Of what answers at once: never reached, however busy the machine is. */
export const roomyDeadlineMs = 10_000
/** Of what never answers: it is waited for to the end. */
export const shortDeadlineMs = 400

/** What every channel promises to the pump. */
export function describeChannel(name: string, open: (deadlineMs: number) => Promise<ChannelUnderTest>): void {
  describe(name, () => {
    let it: ChannelUnderTest
    const unaborted = new AbortController().signal
    const send = (signal = unaborted) => it.channel.send(it.delivery, signal)
    beforeEach(async () => {
      it = await open(roomyDeadlineMs)
    })
    afterEach(() => it.close())

    test('accepted: arrives, with status and latency', async () => {
      expect(await send()).toMatchObject({ outcome: 'accepted', status: expect.any(Number), latencyMs: expect.any(Number) })
      expect(it.receivedIds()).toHaveLength(1)
    })

    test('sent twice: the receiver can tell that it is the same', async () => {
      await send()
      await send()
      const [first, second] = it.receivedIds()
      expect(first).toContain(it.delivery.id)
      expect(second).toBe(first)
    })

    test('refused for now: to be tried again', async () => {
      it.refuseForNow()
      expect(await send()).toMatchObject({ outcome: 'rejected', retry: true, status: expect.any(Number) })
    })

    test('hangs: ends by the deadline', async () => {
      const hurried = await open(shortDeadlineMs)
      try {
        hurried.hang()
        const result = await hurried.channel.send(hurried.delivery, unaborted)
        expect(result).toMatchObject({ outcome: 'timeout', retry: true, status: null })
        expect(result.latencyMs).toBeLessThan(shortDeadlineMs + 1_000)
      } finally {
        await hurried.close()
      }
    })

    test('nobody there: to be tried again', async () => {
      await it.vanish()
      expect(await send()).toMatchObject({ outcome: 'refused', retry: true, status: null })
    })

    test('our own stop ends it at once', async () => {
      it.hang()
      const stopping = new AbortController()
      const sent = send(stopping.signal)
      stopping.abort()
      expect(await sent).toMatchObject({ outcome: 'aborted' })
    })
  })
}

/** As the queue hands it out; what a channel needs is to be filled in. */
export const claimedOf = (more: Partial<ClaimedDelivery>): ClaimedDelivery => ({
  id: 'dlv_0123456789abcdefghjkmnpq',
  orgId: 'org_0123456789abcdefghjkmnpq',
  receiverId: 'whk_0123456789abcdefghjkmnpq',
  token: 'token',
  message: { seq: 7, type: 'site.paused', at: '2026-03-02T09:00:00.000Z', data: { siteId: 'site_1' } },
  reason: 'subscribed',
  attempts: 0,
  step: 0,
  redeliveredAt: null,
  url: null,
  secret: null,
  oldSecret: null,
  headers: null,
  retries: 'standard',
  address: null,
  kind: null,
  config: null,
  credentials: null,
  ...more,
})
