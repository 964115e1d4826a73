import { z } from 'zod'
import { ApiKeyCredentials, defineSource, requestsPerDay, searchDepth } from '../source.ts'

export const serper = defineSource('serper', {
  title: 'Serper',
  doc: 'Positions of the tracked keywords in Google, by country and language.',
  automatic: false,
  config: z.strictObject({ requestsPerDay: requestsPerDay(500, 100_000), depth: searchDepth }),
  credentials: ApiKeyCredentials,
})
