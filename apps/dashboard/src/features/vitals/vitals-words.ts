import type { VitalSeries } from '@tocsin/contract/api/vitals'
import { type FormFactor, type VitalBand, type VitalMetric, vitalThresholds } from '@tocsin/contract/vitals'

export const metricWords = {
  LCP: { name: 'Largest paint', what: 'When the largest part of the page has appeared.' },
  INP: { name: 'Response', what: 'How long the page takes to answer a tap or a key.' },
  CLS: { name: 'Layout shift', what: 'How much things jump about while the page loads.' },
  FCP: { name: 'First paint', what: 'When the first thing has appeared.' },
  TTFB: { name: 'First byte', what: 'When the server has begun to answer.' },
} satisfies Record<VitalMetric, { name: string; what: string }>

export const bandWords = {
  good: { label: 'Good', tone: 'good' },
  needs_improvement: { label: 'Needs work', tone: 'warn' },
  poor: { label: 'Poor', tone: 'bad' },
} satisfies Record<VitalBand, { label: string; tone: string }>

export const formNames = { phone: 'Phones', tablet: 'Tablets', desktop: 'Computers' } satisfies Record<FormFactor, string>

/** Seconds where they are read more easily; CLS has no unit. */
export function vitalText(metric: VitalMetric, value: number): string {
  if (metric === 'CLS') return value.toFixed(2)
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(value < 10_000 ? 2 : 1)} s`
}

/** The two lines of a chart, with what lies above each. */
export function thresholdLines(metric: VitalMetric) {
  const { good, poor } = vitalThresholds[metric]
  return [
    { value: good, label: 'needs work above', tone: 'warn' },
    { value: poor, label: 'poor above', tone: 'bad' },
  ] as const
}

/** The line for a page: it takes the key along and needs nothing else. */
export const snippetOf = (origin: string, key: string) => `<script defer src="${origin}/v1/vitals.js?key=${key}"></script>`

/** A chart goes over the whole time, whether anything was measured or not. */
export function byDay(series: Pick<VitalSeries, 'days'>, { from, to }: { from: string; to: string }) {
  const measured = new Map(series.days.map(({ day, p75 }) => [day, p75]))
  const count = Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1
  const days = Array.from({ length: count }, (_, n) => new Date(Date.parse(from) + n * dayMs).toISOString().slice(0, 10))
  return { days, values: days.map((day) => measured.get(day) ?? null) }
}

const dayMs = 86_400_000

/** Why visitors' browsers would not load the script from here; null where nothing speaks against it. */
export function originDoubt(origin: string, siteUrl: string | undefined): string | null {
  const own = URL.parse(origin)
  const site = siteUrl === undefined ? null : URL.parse(siteUrl)
  if (!own || /^(localhost|127\.|10\.|192\.168\.|\[::1\])/.test(own.hostname))
    return 'Your visitors cannot reach this address. Open this screen under the address that everybody can reach, and copy the line there.'
  if (own.protocol === 'http:' && site?.protocol === 'https:')
    return 'The site is on https: browsers load scripts from https only. Open this screen over https, and copy the line there.'
  return null
}
