import { z } from 'zod'
import { defineEvent } from '../event.ts'

const data = z.object({
  reason: z.enum(['self_suspicion']),
  detail: z.string(),
})

export const systemDegraded = defineEvent('system.degraded', {
  doc: 'The detector doubts itself: so many sites turned bad at once that what it found is held and looked at again.',
  data,
})
export const systemRecovered = defineEvent('system.recovered', { doc: 'What was held has been looked at again.', data })
