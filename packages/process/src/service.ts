/** Something that runs until it is stopped. `stop` may be called twice, and before `start` has settled. */
export interface Service {
  readonly name: string
  start(): Promise<void>
  /** Refuses new work, finishes or releases what is in hand. */
  stop(): Promise<void>
}

/** Starts in order, stops in reverse order. If one cannot start, those before it are stopped again. */
export function combine(name: string, parts: readonly Service[]): Service {
  const started: Service[] = []
  async function stop() {
    for (const part of started.splice(0).reverse()) await part.stop()
  }
  return {
    name,
    async start() {
      for (const part of parts) {
        started.push(part)
        try {
          await part.start()
        } catch (error) {
          await stop()
          throw error
        }
      }
    },
    stop,
  }
}
