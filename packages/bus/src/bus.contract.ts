import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { system } from '@tocsin/contract/actor'
import type { Envelope } from '@tocsin/contract/event'
import type { EventName } from '@tocsin/contract/events/catalog'
import { newId, type OrgId } from '@tocsin/contract/ids'
import type { Bus } from './bus.ts'

/** Two ends of one bell; in one process they are the same. */
export interface TwoEnds {
  near: Bus
  far: Bus
  close: () => Promise<void>
}

/** What every implementation of the bus must do. */
export function describeBus(name: string, make: () => Promise<TwoEnds>): void {
  describe(`the ${name} bus`, () => {
    let ends: TwoEnds
    beforeAll(async () => {
      ends = await make()
    })
    afterAll(() => ends.close())

    test('a listener is first told to read the journal, then hears its org and no other', async () => {
      const [mine, others] = [newId('org'), newId('org')]
      const ear = listenTo(ends.near, mine)
      expect(await ear.next()).toBeNull()
      await ends.far.publish(envelope(others, 1))
      await ends.far.publish(envelope(mine, 1))
      expect(await ear.next()).toEqual(envelope(mine, 1))
    })

    test('who waits for work is rung at first, then by a durable event of its type in any org, and by nothing else', async () => {
      const orgId = newId('org')
      const [ear, bell] = [listenTo(ends.near, orgId), waitForWork(ends.near, ['site.deleted'])]
      const other = waitForWork(ends.near, ['site.paused'])
      await Promise.all([ear.next(), bell.rung(1), other.rung(1)])
      await ends.far.publish(envelope(newId('org'), 7))
      await bell.rung(2)
      await ends.far.publish(envelope(orgId, null))
      await ends.far.publish(envelope(orgId, 7))
      await bell.rung(3)
      expect([await ear.next(), await ear.next()].map((heard) => heard?.seq)).toEqual([null, 7])
      bell.stop()
      const again = waitForWork(ends.near, ['site.deleted', 'site.paused'])
      await again.rung(2)
      await ends.far.publish(envelope(orgId, 8))
      await again.rung(3)
      expect([bell.rings(), other.rings()]).toEqual([3, 1])
    })

    test('what one publisher sends comes in its order, ephemeral or not', async () => {
      const orgId = newId('org')
      const ear = listenTo(ends.near, orgId)
      await ear.next()
      const sent = [1, null, 2, 3, null].map((seq) => envelope(orgId, seq))
      await Promise.all(sent.map((each) => ends.far.publish(each)))
      for (const each of sent) expect(await ear.next()).toEqual(each)
    })

    test('one function may listen twice, and stops as often as it began', async () => {
      const orgId = newId('org')
      const heard: (Envelope | null)[] = []
      const hear = (message: Envelope | null) => heard.push(message)
      const stops = [ends.near.listen(orgId, hear), ends.near.listen(orgId, hear)]
      const ear = listenTo(ends.near, orgId)
      await ear.next()
      await ends.far.publish(envelope(orgId, 1))
      await ear.next()
      stops[0]?.()
      stops[0]?.() // Stopping twice is not an error.
      await ends.far.publish(envelope(orgId, 2))
      await ear.next()
      stops[1]?.()
      await ends.far.publish(envelope(orgId, 3))
      await ear.next()
      expect(heard.flatMap((message) => message?.seq ?? [])).toEqual([1, 1, 2])
    })

    test('who comes, goes and comes again at once is there', async () => {
      const orgId = newId('org')
      for (let round = 0; round < 5; round += 1) listenTo(ends.near, orgId).stop()
      const ear = listenTo(ends.near, orgId)
      expect(await ear.next()).toBeNull()
      await ends.far.publish(envelope(orgId, 1))
      expect(await ear.next((message) => message !== null)).toEqual(envelope(orgId, 1))
    })

    test('it is connected until it is closed, and closing twice is not an error', async () => {
      const { near, far, close } = await make()
      const ear = listenTo(near, newId('org'))
      await ear.next()
      expect(near.connected()).toBe(true)
      await near.close()
      await near.close()
      expect(near.connected()).toBe(false)
      await expect(near.publish(envelope(newId('org'), 1))).rejects.toThrow()
      await far.close()
      await close()
    })
  })
}

export const envelope = (orgId: OrgId, seq: number | null): Envelope => ({
  seq,
  type: 'site.deleted',
  orgId,
  at: '2026-01-01T00:00:00.000Z',
  actor: system('test'),
  data: { siteId: 'site_0123456789abcdefghjkmnpq' },
})

/** Hears one message after the other, those that have come and those to come. */
export function listenTo(bus: Bus, orgId: OrgId) {
  const come: (Envelope | null)[] = []
  let wake = () => {}
  const stop = bus.listen(orgId, (message) => {
    come.push(message)
    wake()
  })
  return {
    stop,
    async next(wanted: (message: Envelope | null) => boolean = () => true): Promise<Envelope | null> {
      for (;;) {
        while (come.length > 0) {
          const message = come.shift() ?? null
          if (wanted(message)) return message
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

/** Counts what rings. */
export function waitForWork(bus: Bus, types: readonly EventName[]) {
  let count = 0
  let wake = () => {}
  const stop = bus.listenForWork(types, () => {
    count += 1
    wake()
  })
  return {
    stop,
    rings: () => count,
    async rung(times: number): Promise<void> {
      while (count < times)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    },
  }
}

/** A bell that loses, doubles, delays and reorders what is published, as its dice fall. */
export function createTroubledBus(bus: Bus, random: () => number): Bus {
  const late: Envelope[] = []
  return {
    ...bus,
    async publish(event) {
      const fate = random()
      if (fate < 0.25) return // Lost.
      if (fate < 0.5) {
        late.push(event)
        return
      }
      await bus.publish(event)
      if (fate < 0.7) await bus.publish(event)
      const overdue = random() < 0.5 ? late.pop() : undefined
      if (overdue) await bus.publish(overdue)
    },
  }
}

/** The same dice for the same seed, so that a failure can be seen again. */
export function diceOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
