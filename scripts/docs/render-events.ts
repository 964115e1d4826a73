import type { EventDefinition } from '@tocsin/contract/event'
import { exampleOf } from '@tocsin/contract/example'
import { type NamedShapes, renderNamed, shapeOf } from './shape.ts'

const head = `# Events

Generated from \`packages/contract/src/events\` by \`npm run docs\`. The same words and shapes travel on Redis, in the stream, in \`GET /v1/events\` and in webhooks.

Every event is an envelope \`{ seq, type, orgId, at, actor, data }\`. A **durable** event is kept in the journal of its org under \`seq\` 1, 2, 3… without holes, and is
published on the channel \`org:<orgId>:<type>\` after it was committed. An **ephemeral** one is only published: its \`seq\` is null and it may be lost.
`

export function renderEvents(events: readonly EventDefinition[]): string {
  const named: NamedShapes = new Map()
  const index = events.map((event) => `| [\`${event.type}\`](#${anchor(event.type)}) | ${kind(event)} | ${event.doc} |`)
  const sections = events.map((event) => renderEvent(event, named))
  return [
    head,
    `| event | kind | |\n|---|---|---|\n${index.join('\n')}\n`,
    ...sections,
    `## Shapes\n\n${renderNamed(named)}`,
  ].join('\n')
}

const kind = (event: EventDefinition): string => (event.durable ? 'durable' : 'ephemeral')
/** As GitHub makes it of the heading. */
const anchor = (type: string): string => type.replaceAll('.', '')

function renderEvent(event: EventDefinition, named: NamedShapes): string {
  const example = {
    seq: event.durable ? 42 : null,
    type: event.type,
    orgId: 'org_0123456789abcdefghjkmnpq',
    at: '2026-03-01T10:00:00.000Z',
    actor: { kind: 'system', id: 'detector' },
    data: exampleOf(event.data),
  }
  return `## ${event.type}

${event.doc} *${kind(event)}*, on \`org:<orgId>:${event.type}\`.

\`\`\`ts
${shapeOf(event.data, 'output', named)}
\`\`\`

<details><summary>Example</summary>

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`

</details>
`
}
