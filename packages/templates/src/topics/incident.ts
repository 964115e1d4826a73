import type { Topic } from '../topic.ts'

export const incident: Topic = {
  id: 'alert.incident',
  title: 'Incident',
  doc: 'An incident was opened, has news or is resolved.',
  tag: 'Incident',
  found: () => 'An incident was opened on your status page.',
  worse: () => 'There is news of an incident.',
  over: () => 'The incident is resolved.',
  hint: '',
}
