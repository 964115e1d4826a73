import { Refusal } from '@tocsin/contract/refusal'

/** Somebody else may have left by then. */
const retryAfterSeconds = 30

/** How many streams each of some kind has open. */
export class Limit {
  readonly #of: string
  readonly #max: number
  readonly #open = new Map<string, number>()

  constructor(of: string, max: number) {
    this.#of = of
    this.#max = max
  }

  /** Takes a place; throws when there is none. */
  enter(key: string): void {
    const open = this.#open.get(key) ?? 0
    if (open >= this.#max)
      throw new Refusal('limit_reached', `There are ${open} open streams of this ${this.#of}; no more are allowed.`, {
        retryAfterSeconds,
      })
    this.#open.set(key, open + 1)
  }

  leave(key: string): void {
    const open = (this.#open.get(key) ?? 0) - 1
    if (open > 0) this.#open.set(key, open)
    else this.#open.delete(key)
  }
}
