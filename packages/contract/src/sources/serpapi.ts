import { z } from 'zod'
import { ApiKeyCredentials, defineSource, requestsPerDay, searchDepth } from '../source.ts'

export const serpapi = defineSource('serpapi', {
  title: 'SerpApi',
  doc: 'Positions of the tracked keywords in Google, by country and language.',
  automatic: false,
  config: z.strictObject({ requestsPerDay: requestsPerDay(100, 100_000), depth: searchDepth }),
  credentials: ApiKeyCredentials,
})
