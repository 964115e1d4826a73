export interface Alarm {
  /** Resolves after `ms`, or as soon as somebody wakes it. */
  sleep(ms: number): Promise<void>
  wake(): void
}

export function createAlarm(): Alarm {
  let wakeSleeper = () => {}
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        wakeSleeper = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    wake: () => wakeSleeper(),
  }
}
