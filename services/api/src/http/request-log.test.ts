import { expect, test } from '@jest/globals'
import { loggedPath } from './request-log.ts'

const mac = 'A'.repeat(43)

test.each([
  { url: '/v1/sites?after=abc', logged: '/v1/sites' },
  { url: '/s/shop', logged: '/s/shop' },
  { url: `/s/-/manage/sub_1.${mac}`, logged: '/s/-/manage/sub_1' },
  { url: `/s/-/unsubscribe/sub_1.${mac}?x`, logged: '/s/-/unsubscribe/sub_1' },
  { url: `/s/-/confirm/sub_1%2E${mac}`, logged: '/s/-/confirm/sub_1' },
  { url: `//s/-/confirm/${mac}`, logged: `//s/-/confirm/` },
])('$url is logged as $logged', ({ url, logged }) => {
  expect(loggedPath(url)).toBe(logged)
})
