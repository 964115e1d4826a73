import type { Foundation } from '@tocsin/journal/foundation'
import { createLoop } from '@tocsin/process/loop'
import { combine, type Service } from '@tocsin/process/service'
import { dailyPass } from './daily-pass.ts'
import { duePass } from './due-pass.ts'
import type { SchedulerEnv } from './env.ts'
import { maintenancePass } from './maintenance-pass.ts'
import { retentionPass } from './retention-pass.ts'
import { silencePass } from './silence-pass.ts'

/** Listens to nothing: time is what it waits for. Several may run; rows are claimed, nobody is leader. */
export function createSchedulerService(deps: Foundation & { env: SchedulerEnv }): Service {
  const { log, clock } = deps
  return combine('scheduler', [
    createLoop({ name: 'daily', everyMs: 15_000, pass: () => dailyPass(deps), log, clock }),
    createLoop({ name: 'due', everyMs: 1_000, pass: () => duePass(deps), log, clock }),
    createLoop({ name: 'silence', everyMs: 1_000, pass: (signal) => silencePass(deps, signal), log, clock }),
    createLoop({ name: 'maintenance', everyMs: 1_000, pass: () => maintenancePass(deps), log, clock }),
    createLoop({
      name: 'retention',
      everyMs: 3_600_000,
      pass: (signal) => retentionPass(deps, deps.env.RETENTION_DAYS, signal),
      log,
      clock,
    }),
  ])
}
