import { describe, expect, test } from '@jest/globals'
import { DestinationInput } from '@tocsin/contract/api/destinations'
import { newId } from '@tocsin/contract/ids'
import type { Refusal } from '@tocsin/contract/refusal'
import { createSecretBox } from '@tocsin/process/secret-box'
import type { DestinationRow } from './destinations.read.ts'
import { changedSettings, openSettings, sealSettings } from './settings.ts'

const box = createSecretBox('a secret that only tests may know, 32+', 'destination')

function kept(kind: 'gotify' | 'ntfy' | 'pushover', settings: Record<string, unknown>): DestinationRow {
  const id = newId('destination')
  const input = DestinationInput.parse({ kind, settings })
  if (input.kind === 'email') throw new Error('Not a chat.')
  return {
    ...{ id, kind, name: '', events: ['*'], minimumSeverity: 'high', enabled: true, disabledReason: null, failingSince: null },
    ...{ createdAt: new Date(0), version: 1 },
    ...sealSettings(input, id, box),
  }
}
const change = (row: DestinationRow, settings: Record<string, unknown>) =>
  openSettings({ ...row, ...changedSettings(row, { settings }, box) }, box)

describe('what is sealed is not sent to another server', () => {
  const gotify = kept('gotify', { baseUrl: 'https://gotify.example.com', token: 'AXXXXXXXX' })

  test('a server that changes without its secrets is refused, and it is said which', () => {
    const attempt = () => change(gotify, { baseUrl: 'https://attacker.example' })
    expect(attempt).toThrow(expect.objectContaining({ code: 'invalid' } satisfies Partial<Refusal>))
    expect(attempt).toThrow(expect.objectContaining({ issues: [{ path: 'settings.token', message: expect.any(String) }] }))
  })

  test('and so is one of two secrets, another port, and less of TLS', () => {
    const pushover = kept('pushover', { token: 'aaaaaaaaaa', user: 'uuuuuuuuuu' })
    expect(() => change(pushover, { baseUrl: 'https://attacker.example', token: 'bbbbbbbbbb' })).toThrow()
    expect(() => change(gotify, { baseUrl: 'https://gotify.example.com:8443' })).toThrow()
    expect(() => change(gotify, { baseUrl: 'http://gotify.example.com' })).toThrow()
  })

  test('with its secrets, or with none to lose, it goes where it is sent', () => {
    const moved = { baseUrl: 'https://push.example.com', token: 'BXXXXXXXX' }
    expect(change(gotify, moved)).toEqual(moved)
    expect(change(gotify, { baseUrl: 'https://gotify.example.com/push' })).toMatchObject({ token: 'AXXXXXXXX' })
    const open = kept('ntfy', { topic: 'shop' })
    expect(change(open, { baseUrl: 'https://ntfy.example.com' })).toMatchObject({ baseUrl: 'https://ntfy.example.com' })
    const closed = kept('ntfy', { topic: 'shop', accessToken: 'tk_secret' })
    expect(() => change(closed, { baseUrl: 'https://ntfy.example.com' })).toThrow()
    expect(change(closed, { baseUrl: 'https://ntfy.example.com', accessToken: null })).not.toHaveProperty('accessToken')
  })
})
