import { expect, test } from '@jest/globals'
import { addressText, indexText, sizeText, statusOf } from './page-words.ts'

test('an answer is told in words', () => {
  expect([200, 301, 404, 503].map((status) => statusOf({ status, fault: null }).text)).toEqual([
    '200',
    '301 redirect',
    '404 error',
    '503 error',
  ])
  expect(statusOf({ status: null, fault: 'timeout' })).toEqual({ text: 'timeout', tone: 'bad' })
})

test('what was not seen is neither in nor out of the index', () => {
  expect([
    indexText({ indexable: null, notIndexable: null }),
    indexText({ indexable: true, notIndexable: null }),
    indexText({ indexable: false, notIndexable: 'noindex' }),
  ]).toEqual(['Could not be seen', 'Yes', 'Says noindex'])
})

test('a page of the site is shown by its path, one of another host whole', () => {
  const site = 'https://shop.example/'
  expect(addressText('https://shop.example/a?b=1', site)).toBe('/a?b=1')
  expect(addressText('https://www.shop.example/a', site)).toBe('https://www.shop.example/a')
  expect(addressText('https://shop.example/a', undefined)).toBe('https://shop.example/a')
})

test.each([
  [900, '900 B'],
  [34_000, '33 KB'],
  [5_000_000, '4.8 MB'],
])('%p bytes are %p', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text)
})
