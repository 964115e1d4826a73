import type { Log } from './log.ts'
import type { Service } from './service.ts'

/** A supervisor kills after 10 s; what is not released by then is taken over when its lease ends. */
const stopMsMax = 9_000

/** Starts a service and keeps it until SIGTERM or SIGINT; exits 0 after a clean stop, 1 if it could not start or stop. */
export async function run(service: Service, log: Log, onStopped: () => Promise<void> = async () => {}): Promise<void> {
  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'Stopping.')
    const deadline = setTimeout(() => {
      log.error({ stopMsMax }, 'Did not stop in time; leases will be taken over.')
      process.exit(1)
    }, stopMsMax)
    deadline.unref()
    await service.stop()
    await onStopped()
    log.info('Stopped.')
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        log.fatal({ err: error }, 'Could not stop cleanly.')
        process.exit(1)
      })
    })
  }
  try {
    await service.start()
  } catch (error) {
    log.fatal({ err: error, service: service.name }, 'Could not start.')
    await onStopped()
    process.exit(1)
  }
}
