import { describe, expect, test } from '@jest/globals'
import { measuredOf } from './lab-facts.ts'

const metrics = {
  largestContentfulPaint: 2_500,
  firstContentfulPaint: 900,
  cumulativeLayoutShift: 0.02,
  timeToFirstByte: 450,
  totalBlockingTime: 80,
  speedIndex: 1_000,
}
const report = (items: unknown[], more: object = {}) => ({ audits: { metrics: { details: { items } } }, ...more })

describe('a report of Lighthouse', () => {
  test('has five figures that are used', () => {
    expect(measuredOf(report([metrics, { lcpInvalidated: false }]))).toEqual({
      measured: { LCP: 2_500, FCP: 900, CLS: 0.02, TTFB: 450, TBT: 80 },
    })
  })

  test.each([
    { what: 'nothing was painted', given: report([], { runtimeError: { code: 'NO_FCP' } }), unknown: 'NO_FCP' },
    {
      what: 'an error, whatever figures there are',
      given: report([metrics], { runtimeError: { code: 'ERRORED_DOCUMENT_REQUEST' } }),
      unknown: 'ERRORED_DOCUMENT_REQUEST',
    },
    { what: 'no report', given: undefined, unknown: 'no metrics' },
    { what: 'no figures', given: report([]), unknown: 'no metrics' },
    { what: 'a figure is missing', given: report([{ ...metrics, timeToFirstByte: undefined }]), unknown: 'no metrics' },
    { what: 'a figure that none can be', given: report([{ ...metrics, totalBlockingTime: -1 }]), unknown: 'no metrics' },
    { what: 'an audit that failed', given: { audits: { metrics: { errorMessage: 'x' } } }, unknown: 'no metrics' },
  ])('$what: unknown', ({ given, unknown }) => {
    expect(measuredOf(given)).toEqual({ unknown })
  })
})
