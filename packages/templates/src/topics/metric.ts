import { siteName, type Topic } from '../topic.ts'

export const metric: Topic = {
  id: 'alert.metric',
  title: 'Figure',
  doc: 'A figure that a rule of yours watches has passed its limit.',
  tag: 'Figure',
  found: (alert) => `A figure of ${siteName(alert)} has passed the limit that you set.`,
  worse: (alert) => `A figure of ${siteName(alert)} is even further beyond the limit that you set.`,
  over: (alert) => `The figure of ${siteName(alert)} is within the limit again.`,
  hint: 'It was judged over a whole window; a window with too little data is not judged.',
}
