import { describe, expect, test } from '@jest/globals'
import { foreignMarks, marksOf, profileOf } from './query-spam.ts'

test.each([
  ['running shoes', []],
  ['nike シューズ 通販', ['kana', 'han']],
  ['купить обувь', ['cyrillic']],
  ['buy viagra online', ['pharma']],
  ['best casino bonus', ['casino']],
  ['slot gacor hari ini', ['casino']],
  ['スーパーコピー 時計', ['kana', 'han', 'japanese']],
  ['occasional specialist essex', []],
  ['πr2', []],
  ['', []],
])('%s → %j', (query, marks) => {
  expect(marksOf(query)).toEqual(marks)
})

describe('what is foreign to a site', () => {
  const searched = (...queries: [string, number][]) => profileOf(queries.map(([query, impressions]) => ({ query, impressions })))

  test.each([
    { site: 'a shoe shop', profile: searched(['running shoes', 1_000]), query: 'viagra kaufen', marks: ['pharma'] },
    { site: 'a pharmacy', profile: searched(['viagra preis', 50], ['apotheke', 950]), query: 'viagra kaufen', marks: [] },
    { site: 'a shoe shop', profile: searched(['running shoes', 1_000]), query: '時計 激安', marks: ['han'] },
    { site: 'a Japanese shop', profile: searched(['靴 の 通販', 1_000]), query: '時計 激安', marks: [] },
    {
      site: 'a shop with one odd visitor',
      profile: searched(['shoes', 9_999], ['casino', 1]),
      query: 'casino',
      marks: ['casino'],
    },
  ])('$site: $query', ({ profile, query, marks }) => {
    expect(foreignMarks(query, profile, 0.01)).toEqual(marks)
  })
})
