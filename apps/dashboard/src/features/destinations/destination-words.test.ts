import { expect, test } from '@jest/globals'
import { wantsText } from './destination-words.ts'

test.each([
  { events: ['*'], minimumSeverity: 'low', text: 'All alerts: every severity' },
  {
    events: ['threat.*', 'monitor.*', 'component.*', 'incident.*', 'metric.*'],
    minimumSeverity: 'high',
    text: 'All alerts: high and critical',
  },
  { events: ['incident.*', 'threat.detected'], minimumSeverity: 'critical', text: 'Incidents, threat.detected: critical only' },
] as const)('$text', ({ events, minimumSeverity, text }) => {
  expect(wantsText({ events: [...events], minimumSeverity })).toBe(text)
})
