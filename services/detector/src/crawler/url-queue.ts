export interface UrlQueue {
  push(url: string): void
  take(): string | undefined
  readonly length: number
}

/** First in, first out, without moving a hundred thousand addresses for each one taken. */
export function createUrlQueue(): UrlQueue {
  let items: string[] = []
  let taken = 0
  return {
    push(url) {
      items.push(url)
    },
    take() {
      if (taken > 1_000 && taken * 2 > items.length) {
        items = items.slice(taken)
        taken = 0
      }
      const url = items[taken]
      if (url !== undefined) taken += 1
      return url
    },
    get length() {
      return items.length - taken
    },
  }
}
