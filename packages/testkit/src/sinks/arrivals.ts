/** What has arrived so far, and promises for what will: a test waits on the arrival itself, never on time. */
export type Arrivals<Item> = {
  readonly items: readonly Item[]
  add: (item: Item) => void
  /** The first n, as soon as there are n. */
  received: (n: number) => Promise<Item[]>
  /** The first that matches, already here or still to come. */
  first: (matches: (item: Item) => boolean) => Promise<Item>
}

export function createArrivals<Item>(): Arrivals<Item> {
  const items: Item[] = []
  let waiting: (() => boolean)[] = []
  /** Asks now and after each arrival, until the question is answered. */
  const until = <Answer>(ask: () => Answer | undefined) =>
    new Promise<Answer>((resolve) => {
      const settled = () => {
        const answer = ask()
        if (answer !== undefined) resolve(answer)
        return answer !== undefined
      }
      if (!settled()) waiting.push(settled)
    })
  return {
    items,
    add(item) {
      items.push(item)
      waiting = waiting.filter((settled) => !settled())
    },
    received: (n) => until(() => (items.length >= n ? items.slice(0, n) : undefined)),
    first: async (matches) =>
      (
        await until(
          () =>
            items
              .filter(matches)
              .slice(0, 1)
              .map((item) => ({ item }))[0],
        )
      ).item,
  }
}
