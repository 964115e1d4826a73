import { expect, test } from '@jest/globals'
import { quotaText, readKeyFile } from './source-words.ts'

test('what was used yesterday is not of today', () => {
  const quota = { day: '2026-11-01', used: 40, limit: 1000 }
  expect(quotaText(quota, '2026-11-01')).toBe('40 of 1,000 requests used today')
  expect(quotaText(quota, '2026-11-02')).toBe('0 of 1,000 requests used today')
  expect(quotaText({ day: null, used: 0, limit: 5 }, '2026-11-02')).toBe('0 of 5 requests used today')
})

test('a key file is read, and whatever else is pasted is named for what it is', () => {
  const file = { type: 'service_account', client_email: 'me@p.iam.example', private_key: '-----BEGIN PRIVATE KEY-----' }
  expect(readKeyFile(JSON.stringify(file))).toEqual({
    ok: true,
    value: { clientEmail: 'me@p.iam.example', privateKey: '-----BEGIN PRIVATE KEY-----' },
  })
  for (const text of ['{"client_email":1}', 'null', '[]', '4'])
    expect(readKeyFile(text)).toMatchObject({ ok: false, message: expect.stringContaining('private_key') })
  for (const text of ['', 'my key', '{"client_email":']) expect(readKeyFile(text)).toMatchObject({ ok: false })
})
