import { siteName, type Topic } from '../topic.ts'

const what = (alert: Parameters<Topic['found']>[0]): string => (alert.site ? siteName(alert) : alert.title)

export const outage: Topic = {
  id: 'alert.outage',
  title: 'Outage',
  doc: 'A site, a monitor or a component is down or degraded.',
  tag: 'Outage',
  found: (alert) => `${what(alert)} is not available as it should be.`,
  worse: (alert) => `The outage of ${what(alert)} has become worse.`,
  over: (alert) => `${what(alert)} is available again.`,
  hint: 'What depends on it is muted as long as it is down, and told afterwards if it is still wrong.',
}
