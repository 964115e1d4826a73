import { readdirSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** First the clean stop; then one that leaves recovery to the next start; then what nothing survives. */
const steps = [
  { signal: 'SIGINT', waitMs: 15_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
] as const

/**
 * Ends every Postgres process that still works on this folder: a server whose owner was killed, or children whose server was.
 * Only the holder of the folder's lock may call it. Afterwards the server's own lock file means nothing, and is removed: it names a
 * process that is a zombie, or whose number somebody else bears, and either would make the next server give up.
 */
export async function endServersIn(clusterDir: string): Promise<void> {
  let left = serversIn(clusterDir)
  for (const { signal, waitMs } of steps) {
    for (const pid of left) signalIfAlive(pid, signal)
    // Not our children, so nobody tells us when they end.
    for (
      const deadline = performance.now() + waitMs;
      left.length > 0 && performance.now() < deadline;
      left = serversIn(clusterDir)
    )
      await delay(20)
  }
  if (left.length > 0) throw new Error(`Process ${left.join(', ')} still works on ${clusterDir} and does not end.`)
  rmSync(join(clusterDir, 'postmaster.pid'), { force: true })
}

/** Each process of a server stands in its data folder. That is surer than the number in postmaster.pid, which may be somebody else's by now. */
function serversIn(clusterDir: string): number[] {
  const folder = statSync(clusterDir, { throwIfNoEntry: false })
  if (!folder) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const { dev, ino } = statSync(`/proc/${pid}/cwd`)
        return dev === folder.dev && ino === folder.ino && /\/postgres( \(deleted\))?$/.test(readlinkSync(`/proc/${pid}/exe`))
      } catch {
        return false // It has ended, or belongs to somebody else and so cannot have our folder open.
      }
    })
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(typeof error === 'object' && error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
