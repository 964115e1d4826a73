import { describe, expect, test } from '@jest/globals'
import { intersection, readPatterns } from './patterns.ts'

describe('readPatterns', () => {
  test.each([
    { text: null, patterns: ['*'] },
    { text: 'threat.*', patterns: ['threat.*'] },
    { text: 'scan.completed, threat.*,scan.completed', patterns: ['scan.completed', 'threat.*'] },
    { text: 'threat.detected,threat.*', patterns: ['threat.*'] },
    { text: 'threat.*,*', patterns: ['*'] },
  ])('$text → $patterns', ({ text, patterns }) => expect(readPatterns(text)).toEqual(patterns))

  test.each(['', 'threat', 'threat.*.x', 'THREAT.*', '<b>', ',', Array(60).fill('a.b').join()])('%s is refused', (text) =>
    expect(() => readPatterns(text)).toThrow('cannot be understood'),
  )
})

describe('intersection', () => {
  test.each([
    { left: ['*'], right: ['threat.*'], both: ['threat.*'] },
    { left: ['threat.*', 'scan.*'], right: ['threat.detected', 'site.*'], both: ['threat.detected'] },
    { left: ['threat.detected'], right: ['*'], both: ['threat.detected'] },
    { left: ['site.*'], right: ['threat.*'], both: [] },
  ])('$left and $right → $both', ({ left, right, both }) => expect(intersection(left, right)).toEqual(both))
})
