import { siteName, type Topic } from '../topic.ts'

export const competitorSurge: Topic = {
  id: 'alert.competitor_surge',
  title: 'Competitor surge',
  doc: 'A competitor has passed the site, publishes much or gains links.',
  tag: 'Competitor',
  found: (alert) => `A competitor of ${siteName(alert)} is gaining on it.`,
  worse: (alert) => `The competitor of ${siteName(alert)} has gained further.`,
  over: (alert) => `${siteName(alert)} leads again.`,
  hint: 'It is told because they rose, not because you fell: that would be a ranking drop.',
}
