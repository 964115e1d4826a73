import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { issueText } from './issue-text.ts'

test.each([
  { schema: z.string(), given: undefined, text: 'Please fill this in.' },
  { schema: z.string().min(1), given: '', text: 'Please fill this in.' },
  { schema: z.number(), given: Number.NaN, text: 'Please enter a number.' },
  { schema: z.number().int(), given: 'now', text: 'Please enter a number.' },
  { schema: z.number().max(10), given: 11, text: 'Must be at most 10.' },
  { schema: z.boolean(), given: 'now', text: 'This does not look right.' },
  { schema: z.array(z.string()).min(1), given: [], text: 'Choose at least one.' },
  { schema: z.iso.datetime(), given: '', text: 'Please fill this in.' },
  { schema: z.email(), given: 'x', text: 'This does not look like an e-mail address.' },
])('$given: $text', ({ schema, given, text }) => {
  const [issue] = schema.safeParse(given).error?.issues ?? []
  expect(issue && issueText(issue)).toBe(text)
})
