import type { Second } from './stream.ts'

/** More than the longest time between two looks at a stream, so that no two seconds share a slot. */
const slots = 64

export interface Turned {
  /** When to be looked at again. Kept by the wheel. */
  dueAt: Second
}

/** One timer for all: who is due in a second stands in its slot. */
export class Wheel<Item extends Turned> {
  readonly #slots = Array.from({ length: slots }, () => new Set<Item>())
  #turnedTo: Second

  constructor(now: Second) {
    this.#turnedTo = now
  }

  add(item: Item, second: Second): void {
    item.dueAt = Math.min(Math.max(second, this.#turnedTo + 1), this.#turnedTo + slots - 1)
    this.#slot(item.dueAt).add(item)
  }

  remove(item: Item): void {
    this.#slot(item.dueAt).delete(item)
  }

  /** Looks at everybody who is due by `now`; a look answers when to look again. */
  turnTo(now: Second, look: (item: Item) => Second): void {
    // After a long sleep every slot is due once, not once per lap.
    const from = Math.max(this.#turnedTo + 1, now - slots + 1)
    const due: Item[] = []
    for (let second = from; second <= now; second += 1) {
      const slot = this.#slot(second)
      due.push(...slot)
      slot.clear()
    }
    this.#turnedTo = Math.max(this.#turnedTo, now)
    for (const item of due) this.add(item, look(item))
  }

  #slot(second: Second): Set<Item> {
    const slot = this.#slots[second % slots]
    if (!slot) throw new Error(`Not a whole second: ${second}`)
    return slot
  }
}
