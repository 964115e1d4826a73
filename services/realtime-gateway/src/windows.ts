import type { OrgId } from '@tocsin/contract/ids'
import { type Database, DatabaseUnavailable } from '@tocsin/db/pool'
import { readHeads } from '@tocsin/journal/read'
import type { PassResult } from '@tocsin/process/loop'
import { OrgWindow, type WindowDeps } from './window.ts'

/** Who reloads a page finds the window still there. */
const lingerMs = 30_000

/** The windows of the orgs that have viewers. */
export class Windows {
  readonly #deps: Omit<WindowDeps, 'flushSoon'> & { db: Database; onGone: (orgId: OrgId) => void }
  readonly #open = new Map<OrgId, { window: OrgWindow; opening: Promise<void> }>()
  readonly #unflushed = new Set<OrgWindow>()

  constructor(deps: Omit<WindowDeps, 'flushSoon'> & { db: Database; onGone: (orgId: OrgId) => void }) {
    this.#deps = deps
  }

  /** The org's window, held: whoever opens it releases it. */
  async hold(orgId: OrgId): Promise<OrgWindow> {
    const entry = this.#open.get(orgId) ?? this.#start(orgId)
    entry.window.hold()
    try {
      await entry.opening
    } catch (error) {
      entry.window.release()
      throw error
    }
    return entry.window
  }

  get(orgId: OrgId): OrgWindow | undefined {
    return this.#open.get(orgId)?.window
  }

  /** Finds, with one query for all, what no message told us of; closes what nobody needs. */
  async sweep(): Promise<PassResult> {
    const now = this.#deps.now().getTime()
    for (const [orgId, { window }] of this.#open)
      if (window.unusedSince && now - window.unusedSince.getTime() >= lingerMs) this.#close(orgId)
    this.#deps.meter.orgs.set(this.#open.size)
    const opened = [...this.#open.values()].map((entry) => entry.window).filter((window) => window.isOpen)
    if (opened.length === 0) return 'idle'
    try {
      const heads = new Map(
        (
          await readHeads(
            this.#deps.db,
            opened.map((window) => window.orgId),
          )
        ).map((row) => [row.orgId, row.head]),
      )
      const behind = opened.filter((window) => heads.has(window.orgId) && heads.get(window.orgId) !== window.head)
      for (const { orgId } of opened) if (!heads.has(orgId)) this.#deps.onGone(orgId)
      await Promise.all(behind.map((window) => this.#catchUp(window)))
      for (const window of opened) window.tidy()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
      // Not a failure of the pass, which would then come ever more rarely: viewers wait for what comes right after.
      this.#deps.log.warn({ err: error }, 'The journal cannot be reached; streams stay open.')
    }
    return 'idle'
  }

  /** The viewers of the other orgs do not wait for one whose journal cannot be followed. */
  async #catchUp(window: OrgWindow): Promise<void> {
    try {
      await window.catchUp()
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      this.#deps.log.error({ err: error, orgId: window.orgId }, 'The journal of an org cannot be followed.')
    }
  }

  close(): void {
    for (const orgId of [...this.#open.keys()]) this.#close(orgId)
  }

  #start(orgId: OrgId) {
    const window = new OrgWindow(orgId, { ...this.#deps, flushSoon: (dirty) => this.#flushSoon(dirty) })
    const entry = { window, opening: window.open() }
    this.#open.set(orgId, entry)
    entry.opening.catch(() => {
      // Whoever waits for it is told; the next one to come opens it anew.
      window.close()
      if (this.#open.get(orgId) === entry) this.#open.delete(orgId)
    })
    return entry
  }

  #close(orgId: OrgId): void {
    this.#open.get(orgId)?.window.close()
    this.#open.delete(orgId)
  }

  /** After everything that has arrived by now: what comes in one turn is written at once. */
  #flushSoon(window: OrgWindow): void {
    if (this.#unflushed.size === 0) setImmediate(() => this.#flush())
    this.#unflushed.add(window)
  }

  #flush(): void {
    const windows = [...this.#unflushed]
    this.#unflushed.clear()
    for (const window of windows) window.flush()
  }
}
