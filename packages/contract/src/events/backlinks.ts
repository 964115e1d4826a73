import { z } from 'zod'
import { BacklinkList } from '../api/backlinks.ts'
import { defineEvent } from '../event.ts'

export const backlinksRecorded = defineEvent('backlinks.recorded', {
  doc: 'A list of referring domains was pushed.',
  data: z.object({ list: BacklinkList }),
})
