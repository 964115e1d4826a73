import { describe, expect, test } from '@jest/globals'
import type { AlertDecision } from '@tocsin/contract/api/alerts'
import { DecisionReason } from '@tocsin/contract/notice'
import { byReceiver, detailOf, reasonText } from './decision-words.ts'

const you = 'usr_00000000000000000000000y'
let number = 0
function decision(receiver: AlertDecision['receiver'], more: Partial<AlertDecision> = {}): AlertDecision {
  number += 1
  return {
    id: `dec_${String(number).padStart(24, '0')}`,
    alertId: 'alr_000000000000000000000001',
    noticeId: null,
    at: '2026-11-01T00:00:00.000Z',
    receiver,
    notice: 'triggered',
    verdict: 'sent',
    reason: 'subscribed',
    detail: null,
    until: null,
    deliveryId: null,
    ...more,
  }
}

test('every reason is a sentence, to others and to oneself', () => {
  for (const reason of DecisionReason.options)
    for (const isYou of [true, false]) expect(reasonText({ notice: 'triggered', reason }, isYou)).toMatch(/^[A-Z].*\.$/)
  expect(reasonText({ notice: 'triggered', reason: 'channel_off' }, true)).toBe('You have switched mail off.')
  expect(reasonText({ notice: 'triggered', reason: 'channel_off' }, false)).toBe('They have switched mail off.')
})

describe('what a decision adds', () => {
  test.each([
    { detail: null, shown: null },
    {
      detail: 'inhibited_by alr_000000000000000000000007 (site:site_000000000000000000000001)',
      shown: { alertId: 'alr_000000000000000000000007' },
    },
    { detail: 'sil_000000000000000000000001', shown: null },
    { detail: 'mnt_000000000000000000000001: The move', shown: { text: 'The move' } },
    { detail: 'It came back before its end was told.', shown: { text: 'It came back before its end was told.' } },
  ])('$detail', ({ detail, shown }) => {
    expect(detailOf({ detail })).toEqual(shown)
  })
})

test('one reads of oneself first, then what holds for everybody, then of the others', () => {
  const chat = { kind: 'destination', id: 'dst_1', name: 'Chat' } as const
  const me = { kind: 'member', id: you, name: 'Zoe' } as const
  const everybody = { kind: 'none', id: null, name: 'Everybody' } as const
  const heard = byReceiver([decision(chat), decision(everybody), decision(me), decision(chat, { notice: 'resolved' })], you)
  expect(heard.map(({ name, isYou, isEverybody, decisions }) => [name, isYou, isEverybody, decisions.length])).toEqual([
    ['Zoe', true, false, 1],
    ['Everybody', false, true, 1],
    ['Chat', false, false, 2],
  ])
})

test('that somebody is on it is not mailed, which is nobody’s own wish', () => {
  const reason = 'event_not_wanted'
  expect(reasonText({ notice: 'acknowledged', reason }, true)).toContain('is seen here')
  expect(reasonText({ notice: 'triggered', reason }, true)).toContain('You do not want')
})
