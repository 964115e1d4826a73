import { expect, test } from '@jest/globals'
import { newId } from '@tocsin/contract/ids'
import { type DigestData, type DigestEntry, digestMessageType } from '@tocsin/domain/deliveries/message'
import { chatMessageOf } from './chat-message.ts'

const at = '2026-03-02T09:00:00.000Z'
const entry = (title: string, now: DigestEntry['now']): DigestEntry => ({
  seq: null,
  type: 'alert.triggered',
  at,
  alertId: newId('alert'),
  severity: 'high',
  title,
  site: 'Shop',
  now,
})
const digest = (entries: readonly DigestEntry[]) => {
  const data: DigestData = { part: 1, parts: 1, total: entries.length, reasons: ['hourly_digest'], entries }
  return chatMessageOf({ seq: null, type: digestMessageType, at, data }, { publicUrl: 'https://tocsin.example' })
}

test('a digest names what is open first, and says what is resolved since', () => {
  const entries = [entry('Blog is down', 'resolved'), entry('Shop is\r\nslow', 'open')] as const
  const { title, text, severity, url } = digest(entries)
  expect(title).toBe('Digest: 2 messages, 1 resolved since')
  expect(text).toBe(`• HIGH Shop is slow · ${entries[1].alertId}\n• HIGH Blog is down · resolved since · ${entries[0].alertId}`)
  expect([severity, url]).toEqual(['high', 'https://tocsin.example/alerts'])
})

test('a long one, for a phone, names some and counts the others', () => {
  const { text } = digest(Array.from({ length: 500 }, (_, number) => entry(`Alert ${number}`, 'open')))
  expect(text.split('\n')).toHaveLength(26)
  expect(text).toContain('… and 475 more')
})
