import { describe, expect, test } from '@jest/globals'
import { type ChatKind, channels } from '@tocsin/contract/channels/catalog'
import { changedSettings, newSettings, settingFields } from './setting-fields.ts'

const kinds = Object.keys(channels) as ChatKind[] // The keys of the list are the kinds.

const formOf = (values: Record<string, string>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(values)) form.set(name, value)
  return form
}

describe.each(kinds)('%s', (kind) => {
  const fields = settingFields(kind)
  test('every setting has a field with a label, and every secret is one', () => {
    expect(fields.map(({ name }) => name)).toEqual(Object.keys(channels[kind].settings.shape))
    expect(fields.every(({ label }) => label.length > 0)).toBe(true)
    expect(fields.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual([...channels[kind].secrets])
  })
  test('the examples of its fields make settings that its schema takes', () => {
    const form = formOf(Object.fromEntries(fields.map(({ name, example }) => [`settings.${name}`, example ?? ''])))
    expect(channels[kind].settings.safeParse(newSettings(kind, form)).success).toBe(true)
  })
})

test('what has a usual value may be left empty', () => {
  const server = settingFields('pagerduty').find(({ name }) => name === 'baseUrl')
  expect(server).toMatchObject({ usual: 'https://events.pagerduty.com', isOptional: false, isSecret: false })
  expect(newSettings('pagerduty', formOf({ 'settings.routingKey': 'abc', 'settings.baseUrl': '' }))).toEqual({
    routingKey: 'abc',
  })
})

test.each([
  { when: 'an empty secret', form: { 'settings.topic': 'shop' }, sent: { topic: 'shop', baseUrl: null } },
  {
    when: 'a new secret',
    form: { 'settings.topic': 'shop', 'settings.accessToken': 'tk' },
    sent: { topic: 'shop', accessToken: 'tk', baseUrl: null },
  },
  {
    when: 'a secret that is to go',
    form: { 'settings.topic': 'shop', 'remove.accessToken': 'on' },
    sent: { topic: 'shop', accessToken: null, baseUrl: null },
  },
])('a change with $when', ({ form, sent }) => {
  expect(changedSettings('ntfy', formOf(form))).toEqual(sent)
})
