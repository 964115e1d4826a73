import type { FormFactor, VitalMetric } from '@tocsin/contract/vitals'

export const metricNames = {
  LCP: 'Largest contentful paint',
  INP: 'Response to interactions',
  CLS: 'Layout shift',
  FCP: 'First contentful paint',
  TTFB: 'Time to first byte',
} as const satisfies Record<VitalMetric, string>

export const formNames = { phone: 'phones', tablet: 'tablets', desktop: 'desktops' } as const satisfies Record<FormFactor, string>

/** `2.4 s`, `230 ms`, `0.12`. */
export function measure(metric: VitalMetric, value: number): string {
  if (metric === 'CLS') return value.toFixed(2)
  return value >= 1_000 ? `${(value / 1_000).toFixed(1)} s` : `${Math.round(value)} ms`
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`
