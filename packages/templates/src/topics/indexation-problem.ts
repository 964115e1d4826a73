import { siteName, type Topic } from '../topic.ts'

export const indexationProblem: Topic = {
  id: 'alert.indexation_problem',
  title: 'Indexation problem',
  doc: 'Pages tell search engines to stay away, or have fallen out of the index.',
  tag: 'Index',
  found: (alert) => `Search engines can no longer list pages of ${siteName(alert)} as they did.`,
  worse: (alert) => `More pages of ${siteName(alert)} are kept out of search engines.`,
  over: (alert) => `Search engines can list the pages of ${siteName(alert)} again.`,
  hint: 'Search engines notice within days, and take longer to come back than to leave.',
}
