import { z } from 'zod'
import { Silence } from '../api/silences.ts'
import { defineEvent } from '../event.ts'

const data = z.object({ silence: Silence })

export const silenceCreated = defineEvent('silence.created', { doc: 'Some alerts are muted for a time.', data })
export const silenceExpired = defineEvent('silence.expired', {
  doc: 'A silence is over, by hand or by itself: what it muted and is still open is told.',
  data,
})
