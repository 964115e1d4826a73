import { z } from 'zod'
import { baseUrl, defineChannel, token } from '../channel.ts'

export const pagerduty = defineChannel('pagerduty', {
  title: 'PagerDuty',
  doc: 'An integration “Events API v2” of a service. Alerts are triggered, acknowledged and resolved there.',
  settings: z.strictObject({
    routingKey: token('Integration key', 'Of the integration.', '0123456789abcdef0123456789abcdef'),
    baseUrl: baseUrl('https://events.pagerduty.com'),
  }),
  secrets: ['routingKey'],
  address: ({ routingKey }) => `…${routingKey.slice(-4)}`,
})
