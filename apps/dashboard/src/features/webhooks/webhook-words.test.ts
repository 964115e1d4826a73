import { describe, expect, test } from '@jest/globals'
import type { WebhookRecovery } from '@tocsin/contract/api/webhooks'
import { failingText, recoveredPart, recoveryText } from './webhook-words.ts'

const recovery = (more: Partial<WebhookRecovery>): WebhookRecovery => ({
  webhookId: 'whk_000000000000000000000000',
  since: '2026-11-01T00:00:00.000Z',
  state: 'running',
  fromSeq: 11,
  toSeq: 20,
  seq: 10,
  planned: 0,
  revived: 0,
  startedAt: '2026-11-01T00:00:00.000Z',
  finishedAt: null,
  ...more,
})

describe('how far a recovery is', () => {
  test.each([
    { when: 'it has just begun', more: {}, part: 0 },
    { when: 'half is done', more: { seq: 15 }, part: 0.5 },
    { when: 'it is over', more: { seq: 20, state: 'finished' }, part: 1 },
    { when: 'there is nothing to go through', more: { fromSeq: 21, toSeq: 20, seq: 20 }, part: 1 },
  ] as const)('$when: $part', ({ more, part }) => expect(recoveredPart(recovery(more))).toBe(part))

  test.each([
    { more: { planned: 2, revived: 1 }, text: '3 messages so far' },
    { more: { state: 'finished' }, text: 'It had missed nothing' },
    { more: { state: 'finished', revived: 1 }, text: 'It had missed 1 message, which was queued again' },
    { more: { state: 'cancelled', planned: 4 }, text: 'Cancelled, because it was disabled: 4 messages until then' },
  ] as const)('$text', ({ more, text }) => expect(recoveryText(recovery(more))).toBe(text))
})

test.each([
  { days: 0.5, says: /told when/ },
  { days: 1.5, says: /told of it/ },
  { days: 4, says: /warned/ },
])('after $days days', ({ days, says }) => {
  const since = '2026-11-01T00:00:00.000Z'
  expect(failingText(since, Date.parse(since) + days * 86_400_000)).toMatch(says)
})
