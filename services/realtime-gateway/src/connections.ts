import { setTimeout as delay } from 'node:timers/promises'
import type { OrgId } from '@tocsin/contract/ids'
import type { Meter } from './meter.ts'
import type { EndReason, Outlet, Second, Stream } from './stream.ts'
import { type Turned, Wheel } from './wheel.ts'
import type { OrgWindow } from './window.ts'

/** An outlet also says when it is empty again and when it is gone. */
export interface LiveOutlet extends Outlet {
  on(event: string, listener: () => void): unknown
}

/** An open stream and whose it is. */
export interface Connection extends Turned {
  readonly stream: Stream
  readonly window: OrgWindow
  readonly orgId: OrgId
  /** `user:…` or `api_key:…` */
  readonly actor: string
  readonly ip: string
}

/** Everybody goes within this time of a stop, spread over it, so that they do not arrive elsewhere in the same moment. */
const drainMsMax = 4_000
const drainStepMs = 50
/** A small gateway need not spread. */
const drainPerStepMin = 25
/** How long the last ones have to close. */
const goodbyeMs = 500

/** All open streams: one wheel looks after their heartbeats, lifetimes and hold-ups. */
export class Connections {
  readonly #byOutlet = new Map<Outlet, Connection>()
  readonly #byOrg = new Map<OrgId, Set<Connection>>()
  readonly #wheel: Wheel<Connection>
  readonly #time: { second: Second }
  readonly #heartbeatSeconds: number
  readonly #meter: Meter
  readonly #onClosed: (connection: Connection) => void
  /** Listeners: `this` is the outlet that they are called on. */
  readonly #onDrain: (this: Outlet) => void
  readonly #onClose: (this: Outlet) => void

  constructor(options: {
    time: { second: Second }
    heartbeatSeconds: number
    meter: Meter
    onClosed: (connection: Connection) => void
  }) {
    this.#time = options.time
    this.#wheel = new Wheel(options.time.second)
    this.#heartbeatSeconds = options.heartbeatSeconds
    this.#meter = options.meter
    this.#onClosed = options.onClosed
    const drained = (outlet: Outlet) => this.#drained(outlet)
    const remove = (outlet: Outlet) => this.#remove(outlet)
    this.#onDrain = function () {
      drained(this)
    }
    this.#onClose = function () {
      remove(this)
    }
  }

  add(connection: Connection, outlet: LiveOutlet): void {
    this.#byOutlet.set(outlet, connection)
    const ofOrg = this.#byOrg.get(connection.orgId) ?? new Set()
    this.#byOrg.set(connection.orgId, ofOrg.add(connection))
    connection.window.join(connection.stream)
    this.#wheel.add(connection, this.#time.second + 1)
    this.#meter.connections.inc()
    // The same functions for every outlet: with ten thousand viewers, closures of their own would be megabytes.
    outlet.on('drain', this.#onDrain)
    outlet.on('close', this.#onClose)
    outlet.on('error', ignore)
  }

  ofOrg(orgId: OrgId): ReadonlySet<Connection> {
    return this.#byOrg.get(orgId) ?? new Set()
  }

  /** Of one person or key, or of everybody. */
  endOfOrg(orgId: OrgId, reason: EndReason, actor: string | null): void {
    for (const connection of this.ofOrg(orgId)) if (actor === null || connection.actor === actor) this.#end(connection, reason)
  }

  turn(): void {
    this.#wheel.turnTo(this.#time.second, (connection) => connection.stream.tick(this.#heartbeatSeconds))
    this.#meter.settleTally()
  }

  /** Ends everybody, not all at once. */
  async drain(): Promise<void> {
    const all = [...this.#byOutlet.values()]
    const perStep = Math.max(drainPerStepMin, Math.ceil(all.length / (drainMsMax / drainStepMs)))
    while (all.length > 0) {
      for (const connection of all.splice(0, perStep)) this.#end(connection, 'drain')
      if (all.length > 0) await delay(drainStepMs)
    }
    for (let waited = 0; this.#byOutlet.size > 0 && waited < goodbyeMs; waited += drainStepMs) await delay(drainStepMs)
    for (const outlet of this.#byOutlet.keys()) outlet.destroy()
  }

  #end(connection: Connection, reason: EndReason): void {
    connection.stream.end(reason)
    this.#wheel.remove(connection)
    this.#wheel.add(connection, this.#time.second + 1)
  }

  #drained(outlet: Outlet): void {
    this.#byOutlet.get(outlet)?.stream.drained()
  }

  #remove(outlet: Outlet): void {
    const connection = this.#byOutlet.get(outlet)
    if (!connection) return
    this.#byOutlet.delete(outlet)
    const ofOrg = this.#byOrg.get(connection.orgId)
    ofOrg?.delete(connection)
    if (ofOrg?.size === 0) this.#byOrg.delete(connection.orgId)
    this.#wheel.remove(connection)
    connection.window.leave(connection.stream)
    this.#meter.connections.dec()
    this.#meter.ended.inc({ reason: connection.stream.endReason ?? 'left' })
    connection.stream.end('left')
    this.#onClosed(connection)
  }
}

/** 'close' follows, and that is where it is dealt with. */
const ignore = (): void => {}
