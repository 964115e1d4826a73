import { siteName, type Topic } from '../topic.ts'

export const rankingDrop: Topic = {
  id: 'alert.ranking_drop',
  title: 'Ranking drop',
  doc: 'A keyword stands lower, has left the first page or is lost.',
  tag: 'Ranking',
  found: (alert) => `${siteName(alert)} stands lower in search results than it usually does.`,
  worse: (alert) => `The ranking of ${siteName(alert)} has fallen further since we told you.`,
  over: (alert) => `${siteName(alert)} is back where it usually stands.`,
  hint: 'Two measurements agree on this; a single bad one is never told.',
}
