import type { Bus } from '@tocsin/bus/bus'
import type { Envelope } from '@tocsin/contract/event'
import type { OrgId } from '@tocsin/contract/ids'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import type { Journal } from '@tocsin/journal/change'
import { type DurableEvent, readEvents, readState, resetReason } from '@tocsin/journal/read'
import type { Log } from '@tocsin/process/log'
import { Audience, type Reader } from './audience.ts'
import { FrameLog } from './frame-log.ts'
import type { Gate } from './gate.ts'
import type { Meter } from './meter.ts'
import { frameOf, logOf, Pages } from './pages.ts'
import { type Revocation, readRevocations } from './revocations.ts'
import { eventFrame } from './sse.ts'

export interface WindowDeps {
  journal: Journal
  bus: Bus
  log: Log
  meter: Meter
  /** Journal reads that run at the same time, of all windows together. */
  gate: Gate
  limits: { events: number; bytes: number }
  now: () => Date
  /** Something was taken in this turn: `flush` is to be called at its end. */
  flushSoon: (window: OrgWindow) => void
  onEvent: (event: DurableEvent) => void
}

/** A journal page of a catch-up. */
const pageSize = 500
/** Whoever comes back later than this reads the journal. */
const frameMsMax = 5 * 60_000

/**
 * An org's recent events as ready frames, and its readers. The one place that takes an event from a bus message: when its seq is the next
 * one. In every other case, at the start, after a gap, a doubt or the sweep, it reads the journal from its head.
 */
export class OrgWindow {
  readonly orgId: OrgId
  head = 0
  #revocations: Revocation[] = []
  /** Since when nobody has needed it. */
  unusedSince: Date | null
  #users = 0
  readonly #deps: WindowDeps
  readonly #all = { log: new FrameLog(0) }
  readonly #audiences = new Map<string, Audience>()
  readonly #pages: Pages
  #fresh: number[] = []
  #stopListening = () => {}
  #reading: Promise<void> | null = null
  #readAgain = false
  #open = false

  constructor(orgId: OrgId, deps: WindowDeps) {
    this.orgId = orgId
    this.#deps = deps
    this.unusedSince = deps.now()
    this.#pages = new Pages((after, limit) =>
      deps.gate(async () => {
        deps.meter.journalReads.inc()
        return this.#read(after, limit)
      }),
    )
  }

  /** Listens, then looks where the journal stands: what comes between the two is heard. */
  async open(): Promise<void> {
    this.#stopListening = this.#deps.bus.listen(this.orgId, (message) => this.#hear(message))
    const { state, revocations } = await this.#deps.gate(() =>
      this.#deps.journal.read(this.orgId, async (sql) => ({
        state: await readState(sql, this.orgId),
        revocations: await readRevocations(sql, this.orgId, this.#deps.now()),
      })),
    )
    this.head = state.head
    this.#revocations = revocations
    this.#all.log = new FrameLog(state.head)
    this.#open = true
    this.catchUp().catch(this.#noteFailure) // For what was heard before we knew the head.
  }

  get isOpen(): boolean {
    return this.#open
  }

  close(): void {
    this.#open = false
    this.#stopListening()
  }

  /** Who lost their access lately. */
  get revocations(): readonly Revocation[] {
    return this.#revocations
  }

  revoke(revocation: Revocation): void {
    this.#revocations.push(revocation)
  }

  hold(): void {
    this.#users += 1
    this.unusedSince = null
  }

  release(): void {
    this.#users -= 1
    if (this.#users === 0) this.unusedSince = this.#deps.now()
  }

  join(reader: Reader): void {
    reader.audience.readers.add(reader)
  }

  /** A filter goes with its last reader. */
  leave(reader: Reader): void {
    const { readers, patterns } = reader.audience
    readers.delete(reader)
    if (readers.size === 0) this.#audiences.delete(patterns.join())
  }

  /** The audience of a filter. Its log is made of the frames that are here. */
  audience(patterns: readonly string[]): Audience {
    const key = patterns.join()
    const found = this.#audiences.get(key)
    if (found) return found
    const audience = new Audience({
      patterns,
      log: logOf(this.#all.log.floor, this.#all.log, patterns),
      meter: this.#deps.meter,
      head: () => this.head,
      readPage: (seq) => this.#pages.around(seq),
    })
    this.#audiences.set(key, audience)
    return audience
  }

  /** Takes everything the journal has after our head. Asked for while it runs, it runs once more. */
  catchUp(): Promise<void> {
    this.#readAgain = true
    this.#reading ??= this.#catchUp().finally(() => {
      this.#reading = null
    })
    return this.#reading
  }

  /** The end of a turn. */
  flush(): void {
    for (const audience of this.#audiences.values()) audience.flush()
    const nowMs = this.#deps.now().getTime()
    for (const at of this.#fresh) this.#deps.meter.latency.observe(Math.max(0, nowMs - at) / 1000)
    this.#fresh = []
  }

  /** For the sweep: drops what is old, and lets everybody try again who could not read. */
  tidy(): void {
    const oldestMs = this.#deps.now().getTime() - frameMsMax
    const { log } = this.#all
    while (log.oldest && log.oldest.takenMs < oldestMs) this.#dropTo(log.oldest.seq)
    this.#pages.forgetAll()
    for (const audience of this.#audiences.values()) for (const reader of audience.readers) reader.pump()
  }

  #hear(message: Envelope | null): void {
    if (!this.#open) return // What is heard before the head is known is in the journal.
    if (message === null) this.catchUp().catch(this.#noteFailure)
    else if (message.seq === null) this.#flash(message)
    else if (message.seq === this.head + 1) this.#take({ ...message, seq: message.seq })
    else if (message.seq > this.head) this.catchUp().catch(this.#noteFailure)
  }

  async #catchUp(): Promise<void> {
    while (this.#readAgain && this.#open) {
      this.#readAgain = false
      const asked = this.head
      const { state, events } = await this.#deps.gate(() => this.#read(asked, pageSize))
      const reason = resetReason(asked, state)
      if (reason) {
        this.#restart(reason, state.head)
        continue
      }
      // Messages may have been taken while we read: what they brought is in the page too.
      for (const event of events) {
        if (event.seq === this.head + 1) this.#take(event)
        else if (event.seq > this.head) throw new Error(`The journal of ${this.orgId} has a hole after ${this.head}.`)
      }
      if (events.length === pageSize) this.#readAgain = true
    }
  }

  #take(event: DurableEvent): void {
    const frame = frameOf(event, this.#deps.now().getTime())
    this.head = event.seq
    this.#all.log.append(frame)
    for (const audience of this.#audiences.values()) if (audience.wants(event.type)) audience.take(frame)
    this.#fresh.push(Date.parse(event.at))
    this.#shrink()
    this.#deps.flushSoon(this)
    this.#deps.onEvent(event)
  }

  #flash(event: Envelope): void {
    const bytes = eventFrame(event)
    for (const audience of this.#audiences.values()) if (audience.wants(event.type)) audience.flash(bytes)
    this.#deps.flushSoon(this)
  }

  #shrink(): void {
    const { log } = this.#all
    const { events, bytes } = this.#deps.limits
    while (log.length > 1 && (log.length > events || log.bytes > bytes)) this.#dropTo(log.oldest?.seq ?? this.head)
  }

  #dropTo(seq: number): void {
    this.#all.log.dropTo(seq)
    for (const audience of this.#audiences.values()) audience.log.dropTo(seq)
  }

  /** The journal was restored or pruned beyond our head: everybody takes a snapshot. */
  #restart(reason: 'expired' | 'ahead', head: number): void {
    this.#deps.log.warn({ orgId: this.orgId, reason, head, had: this.head }, 'The journal cannot be read on from here.')
    this.head = head
    this.#all.log = new FrameLog(head)
    this.#pages.forgetAll()
    for (const audience of this.#audiences.values()) audience.restart(reason, head)
  }

  async #read(after: number, limit: number) {
    return this.#deps.journal.read(this.orgId, async (sql) => ({
      state: await readState(sql, this.orgId),
      events: await readEvents(sql, this.orgId, after, limit),
    }))
  }

  readonly #noteFailure = (error: unknown): void => {
    const level = error instanceof DatabaseUnavailable ? 'warn' : 'error'
    this.#deps.log[level]({ err: error, orgId: this.orgId }, 'The journal could not be read; the sweep tries again.')
  }
}
