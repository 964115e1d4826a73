import { events } from '@tocsin/contract/events/catalog'
import type { Foundation } from '@tocsin/journal/foundation'
import { createLoop, type Pass, type PassResult } from '@tocsin/process/loop'
import { combine, type Service } from '@tocsin/process/service'
import type { DeliverPump } from './deliver-pump.ts'
import { createNotifierPasses, type NotifierDeps } from './passes.ts'

/** How late a lost ring may be noticed. */
const sweepMs = 1_000
/** Ephemeral events are never delivered. */
const deliverable = events.filter((event) => event.durable).map((event) => event.type)

/** Events become alerts and rows, due alerts rows, held rows digests, due rows are sent: loops that meet only in the database. */
export function createNotifierService(deps: NotifierDeps & Pick<Foundation, 'bus'>): Service {
  const { bus, clock, log } = deps
  const passes = createNotifierPasses(deps)
  const senders = [passes.webhooks, passes.emails, passes.chats].map((pump) => sender(deps, pump))
  const loop = (name: string, everyMs: number, pass: Pass) => createLoop({ name, everyMs, pass, log, clock })
  const wakeSenders = () => {
    for (const sender of senders) sender.ring()
  }
  const dispatchLoop = loop('dispatch', sweepMs, (signal) => thenWake(passes.dispatch(signal), wakeSenders))
  const broadcastLoop = loop('broadcast', sweepMs, () => thenWake(passes.broadcast(), wakeSenders))
  const wakeAfterPlan = () => {
    wakeSenders()
    dispatchLoop.ring()
    broadcastLoop.ring()
  }
  const planLoop = loop('plan', sweepMs, (signal) => thenWake(passes.plan(signal), wakeAfterPlan))
  const digestLoop = loop('digest', 15 * sweepMs, () => thenWake(passes.digest(), wakeSenders))
  const recoverLoop = loop('recover', 2 * sweepMs, () => thenWake(passes.recover(), wakeSenders))
  const metricLoop = loop('metrics', 5 * sweepMs, () => thenWake(passes.judgeMetrics(), () => dispatchLoop.ring()))
  const steadyLoop = loop('steady', 15 * sweepMs, (signal) => thenWake(passes.calm(signal), () => dispatchLoop.ring()))
  const queueLoop = loop('queue', 15 * sweepMs, passes.watchQueue)
  let unlisten = () => {}
  return combine('notifier', [
    { name: 'channels', start: async () => {}, stop: passes.close },
    together('senders', senders),
    dispatchLoop,
    broadcastLoop,
    digestLoop,
    recoverLoop,
    metricLoop,
    steadyLoop,
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
