import { z } from 'zod'
import { defineSource, noCredentials, requestsPerDay } from '../source.ts'

export const rdap = defineSource('rdap', {
  title: 'Domain registration',
  doc: 'When the registration of the domain ends, from the registry itself.',
  automatic: true,
  config: z.strictObject({ requestsPerDay: requestsPerDay(100, 1_000) }),
  credentials: noCredentials,
})
