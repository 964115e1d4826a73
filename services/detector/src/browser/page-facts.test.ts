import { expect, test } from '@jest/globals'
import { readCanonicals, readMetaRobots } from './html-told.ts'
import { Told } from './page-facts.ts'

const long = 'x'.repeat(100_000)

test.each([
  { what: 'a long list', told: { robots: Array.from({ length: 1_000 }, () => 'noindex'), canonical: null } },
  { what: 'a long text', told: { robots: [long], canonical: null } },
  { what: 'a long address', told: { robots: [], canonical: `https://shop.example/${long}` } },
])('a page that answers for itself with $what is not believed', ({ told }) => {
  expect(Told.safeParse(told).success).toBe(false)
})

test('what is read of the HTML is within the same limits', () => {
  const html = `${`<meta name="robots" content="${long}">`.repeat(20)}<link rel="canonical" href="/${long}">`
  const told = { robots: readMetaRobots(html), canonical: readCanonicals(html, 'https://shop.example/') }
  expect(Told.safeParse(told).success).toBe(true)
})
