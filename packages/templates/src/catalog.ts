import type { TemplateId } from '@tocsin/contract/api/templates'
import { topics } from './topics/catalog.ts'

const others = {
  'alert.group': { title: 'Several alerts', doc: 'Alerts that belong together by the grouping of their rule, in one message.' },
  digest: {
    title: 'Digest',
    doc: 'What was over the daily limit, came in quiet hours, or is collected because somebody wants it so.',
  },
  breaker: { title: 'Limit reached', doc: 'That the alert messages of the day are used up, and what follows comes in digests.' },
  event: { title: 'Any other event', doc: 'Of what is no alert: a scan that failed, an endpoint that was disabled.' },
  test: { title: 'Test', doc: 'Sent by hand to see whether a receiver hears us.' },
} as const

/** Every mail that an org may put its own words into, and what it is for. */
export function describeTemplate(id: TemplateId): { title: string; doc: string } {
  if (id in others) return others[id as keyof typeof others] // It was just looked up.
  const topic = Object.values(topics).find((each) => each.id === id)
  if (!topic) throw new Error(`The template ${id} is not described.`)
  return { title: topic.title, doc: topic.doc }
}
