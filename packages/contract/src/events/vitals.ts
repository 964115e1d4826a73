import { z } from 'zod'
import { VitalsBeacon } from '../api/vitals.ts'
import { defineEvent } from '../event.ts'

export const vitalsBeaconUpdated = defineEvent('vitals.beacon_updated', {
  doc: 'The key of a beacon, its sample rate or its origins changed.',
  data: z.object({ beacon: VitalsBeacon }),
})
