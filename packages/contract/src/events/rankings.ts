import { z } from 'zod'
import { RankingList } from '../api/rankings.ts'
import { defineEvent } from '../event.ts'

export const rankingsRecorded = defineEvent('rankings.recorded', {
  doc: 'A list of positions was pushed or fetched.',
  data: z.object({ list: RankingList }),
})
