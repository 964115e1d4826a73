import { siteName, type Topic } from '../topic.ts'

export const cwvDegradation: Topic = {
  id: 'alert.cwv_degradation',
  title: 'Core Web Vitals',
  doc: 'Pages have become slower or less steady for their visitors.',
  tag: 'Vitals',
  found: (alert) => `Pages of ${siteName(alert)} have become worse for the people who visit them.`,
  worse: (alert) => `Pages of ${siteName(alert)} have become slower still since we told you.`,
  over: (alert) => `Pages of ${siteName(alert)} are as quick as before.`,
  hint: 'Measured at the 75th percentile: three of four visits are better than this figure.',
}
