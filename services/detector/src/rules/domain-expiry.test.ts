import { expect, test } from '@jest/globals'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import type { Registration, RegistryAnswer } from '@tocsin/domain/registrations/registrations.read'
import { judgeRegistration } from './domain-expiry.ts'
import { now, short } from './fixtures.ts'

const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)
const says = (days: number | null, over: Partial<RegistryAnswer> = {}): RegistryAnswer => ({
  expiresAt: days === null ? null : inDays(days),
  redemption: false,
  askedAt: inDays(-0.01),
  ...over,
})
const judge = (answers: RegistryAnswer[], waiting: string[] = [], at = now) => {
  const registration: Registration | null = answers.length === 0 ? null : { domain: 'shop.test', answers }
  return judgeRegistration(registration, waiting, defaultConfigs['domain.expiry'], at)
}
const twice = (...of: Parameters<typeof says>) => [says(...of), says(...of)]
const given = { redemption: true }

test.each<[string, RegistryAnswer[], string[], string[]]>([
  ['ends in 31 days', twice(31), [], []],
  ['ends in 30 days to the second', twice(30), [], []],
  ['ends in less than 30 days', twice(29.9), [], ['bad medium']],
  ['ends in less than 14 days', twice(13.9), [], ['bad high']],
  ['ends in less than 7 days', twice(6.9), [], ['bad critical']],
  ['has ended', twice(-3), [], ['bad critical']],
  ['is in its redemption period, whatever the date', twice(300, given), [], ['bad critical']],
  ['was asked for once', [says(3)], [], []],
  ['was asked for once, and somebody waits', [says(3)], ['shop.test'], ['unknown']],
  ['is told in two ways', [says(3), says(300)], ['shop.test'], ['unknown']],
  ['has moved, as both say', twice(365), ['shop.test'], ['ok']],
  ['has no date', twice(null), ['shop.test'], ['unknown']],
  ['was last told eight days ago', twice(3, { askedAt: inDays(-8) }), ['shop.test'], ['unknown']],
  ['was never told', [], ['shop.test'], ['unknown']],
])('a registration that %s', (_name, answers, waiting, expected) =>
  expect(judge(answers, waiting).map((each) => short(each))).toEqual(expected),
)

test('opens and closes at once: two queries have confirmed it', () =>
  expect(judge(twice(3))).toMatchObject([{ subject: 'shop.test', conclusive: true, look: { kind: 'data' } }]))
