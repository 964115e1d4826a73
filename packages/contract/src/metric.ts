import { z } from 'zod'

interface MetricSpec {
  readonly title: string
  readonly unit: 'score' | 'count' | 'percent' | 'position' | 'ms' | 'ratio'
  /** What each value is of: a rule says something of each site, keyword or component by itself. */
  readonly about: 'site' | 'keyword' | 'component'
  /** Which way is worse; a message says so and an alert of an anomaly without a direction looks there. */
  readonly worse: 'up' | 'down'
  /** Whether a percentile of many measurements is asked for; else it is one number. */
  readonly percentile: boolean
  readonly doc: string
}

const vital = (title: string, unit: 'ms' | 'ratio', doc: string): MetricSpec => ({
  title,
  unit,
  about: 'site',
  worse: 'up',
  percentile: true,
  doc,
})

/** What a rule may watch besides events. */
export const metrics = {
  'health.score': {
    title: 'Health score',
    unit: 'score',
    about: 'site',
    worse: 'down',
    percentile: false,
    doc: "A site's health, 0–100, time-weighted over the window.",
  },
  'threats.open': {
    title: 'Open threats',
    unit: 'count',
    about: 'site',
    worse: 'up',
    percentile: false,
    doc: "Open threats of a site at the window's end, of the rule's types and severities.",
  },
  'visibility.clicks': {
    title: 'Visibility',
    unit: 'count',
    about: 'site',
    worse: 'down',
    percentile: false,
    doc: "Clicks a month that the positions of a site's keywords stand for, the mean of the window's days.",
  },
  'keyword.position': {
    title: 'Keyword position',
    unit: 'position',
    about: 'keyword',
    worse: 'up',
    percentile: false,
    doc: "The median position of a keyword over the window's days.",
  },
  'vitals.lcp': vital('Largest Contentful Paint', 'ms', 'Of real visitors, over the whole hours of the window.'),
  'vitals.inp': vital('Interaction to Next Paint', 'ms', 'Of real visitors, over the whole hours of the window.'),
  'vitals.cls': vital('Cumulative Layout Shift', 'ratio', 'Of real visitors, over the whole hours of the window.'),
  'vitals.fcp': vital('First Contentful Paint', 'ms', 'Of real visitors, over the whole hours of the window.'),
  'vitals.ttfb': vital(
    'Time to First Byte',
    'ms',
    'The response time as real visitors have it, over the whole hours of the window.',
  ),
  'response.time': {
    title: 'Response time',
    unit: 'ms',
    about: 'site',
    worse: 'up',
    percentile: true,
    doc: 'Of the pages that complete scans fetched in the window, until the whole page was there.',
  },
  'uptime.site': {
    title: 'Uptime of a site',
    unit: 'percent',
    about: 'site',
    worse: 'down',
    percentile: false,
    doc: 'The share of the watched time in which the site was not seen to be out, rounded down to a hundredth.',
  },
  'uptime.component': {
    title: 'Uptime of a component',
    unit: 'percent',
    about: 'component',
    worse: 'down',
    percentile: false,
    doc: 'The share of the window in which the component had no outage, maintenance left out.',
  },
} as const satisfies Record<string, MetricSpec>

export type MetricName = keyof typeof metrics
// The keys of the object above, which nothing can have added to.
const names = Object.keys(metrics) as MetricName[]
export const MetricName = z.enum(names).meta({ id: 'MetricName' })
export const metricSpec = (name: MetricName): MetricSpec => metrics[name]
