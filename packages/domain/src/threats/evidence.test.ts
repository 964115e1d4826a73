import { describe, expect, test } from '@jest/globals'
import { boundedEvidence } from './evidence.ts'

const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

describe('evidence', () => {
  test('that fits stays as it is', () => {
    expect(boundedEvidence({ status: 500, urls: ['a'] }, 100)).toEqual({ status: 500, urls: ['a'] })
  })

  test('that does not is cut where it is largest and says so', () => {
    const cut = boundedEvidence({ status: 500, urls: Array.from({ length: 1000 }, (_, n) => `https://a.example/${n}`) }, 1000)
    expect(size(cut)).toBeLessThanOrEqual(1000)
    expect(cut).toMatchObject({ status: 500, truncated: true })
    expect(cut['urls']).toContain('https://a.example/0')
  })

  test.each([{ text: '€'.repeat(5000) }, { deep: { list: Array(3000).fill(1) } }, { many: [['x'.repeat(9000)]] }])(
    'of any shape fits in the end',
    (evidence) => {
      expect(size(boundedEvidence(evidence, 500))).toBeLessThanOrEqual(500)
    },
  )
})
