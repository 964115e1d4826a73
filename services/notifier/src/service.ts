import { events } from '@tocsin/contract/events/catalog'
import type { Foundation } from '@tocsin/journal/foundation'
import { createLoop, type PassResult } from '@tocsin/process/loop'
import { combine, type Service } from '@tocsin/process/service'
import type { DeliverPump } from './deliver-pump.ts'
import { createNotifierPasses, type NotifierDeps } from './passes.ts'

/** How late a lost ring may be noticed. */
const sweepMs = 1_000
/** Ephemeral events are never delivered. */
const deliverable = events.filter((event) => event.durable).map((event) => event.type)

/** Events become rows, held rows become digests, due rows are sent: three kinds of loops that meet only in the database. */
export function createNotifierService(deps: NotifierDeps & Pick<Foundation, 'bus'>): Service {
  const { bus, clock, log } = deps
  const passes = createNotifierPasses(deps)
  const senders = [passes.webhooks, passes.emails, passes.chats].map((pump) => sender(deps, pump))
  const wakeSenders = () => {
    for (const sender of senders) sender.ring()
  }
  const planLoop = createLoop({
    name: 'plan',
    everyMs: sweepMs,
    pass: (signal) => thenWake(passes.plan(signal), wakeSenders),
    log,
    clock,
  })
  const digestLoop = createLoop({
    name: 'digest',
    everyMs: 15 * sweepMs,
    pass: () => thenWake(passes.digest(), wakeSenders),
    log,
    clock,
  })
  const recoverLoop = createLoop({
    name: 'recover',
    everyMs: 2 * sweepMs,
    pass: () => thenWake(passes.recover(), wakeSenders),
    log,
    clock,
  })
  const queueLoop = createLoop({ name: 'queue', everyMs: 15 * sweepMs, pass: passes.watchQueue, log, clock })
  let unlisten = () => {}
  return combine('notifier', [
    { name: 'channels', start: async () => {}, stop: passes.close },
    together('senders', senders),
    digestLoop,
    recoverLoop,
    queueLoop,
    planLoop,
    {
      name: 'bell',
      async start() {
        unlisten = bus.listenForWork(deliverable, () => planLoop.ring())
      },
      async stop() {
        unlisten()
      },
    },
  ])
}

/** A pump in a loop. What it has in flight ends after the loop does. */
function sender({ log, clock }: NotifierDeps, pump: DeliverPump): Service & { ring(): void } {
  const loop = createLoop({ name: 'deliver', everyMs: sweepMs, pass: () => pump.pass(), log, clock })
  pump.onFinished(() => loop.ring())
  return {
    name: 'deliver',
    start: () => loop.start(),
    async stop() {
      await loop.stop()
      await pump.stop()
    },
    ring: () => loop.ring(),
  }
}

/** Stops all at once: each may need seconds for what it has in flight. */
function together(name: string, parts: readonly Service[]): Service {
  return {
    name,
    async start() {
      for (const part of parts) await part.start()
    },
    async stop() {
      await Promise.all(parts.map((part) => part.stop()))
    },
  }
}

async function thenWake(pass: Promise<PassResult>, wake: () => void): Promise<PassResult> {
  const result = await pass
  if (result === 'worked') wake()
  return result
}
