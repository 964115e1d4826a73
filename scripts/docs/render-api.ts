import type { EndpointDefinition } from '@tocsin/contract/endpoint'
import { type NamedShapes, renderNamed, shapeOf } from './shape.ts'

const head = `# API

Generated from \`packages/contract/src/api\` by \`npm run docs\`. A running installation describes itself at \`/v1/openapi.json\` and \`/docs\`.

- **Who.** \`Authorization: Bearer tcn_…\`, or the session cookie; with the cookie everything but GET needs \`X-CSRF-Token\`. A person in several orgs names one in \`Tocsin-Org\`.
- **Lists** come newest first as \`{ data, nextCursor, asOf }\`; \`asOf\` is the seq of the journal they were read at, from which the stream continues.
- **Again.** A POST with an \`Idempotency-Key\` is done once; the same request with the same key answers the same for a day. PATCH honours \`If-Match\`, GET of one thing \`If-None-Match\`.
- **No.** Errors are \`application/problem+json\` (RFC 9457) \`{ type, title, status, code, detail, errors: [{ path, message }], requestId }\`. What belongs to another org is 404.
- **Limits.** Bodies to 1 MiB. Rates are told by \`RateLimit-*\`; beyond them 429 with \`Retry-After\`.
`

const needs = {
  nothing: 'nothing',
  person: 'a signed-in person',
  member: 'a signed-in member',
  read: 'read (viewer)',
  write: 'write (editor)',
  admin: 'admin',
  owner: 'owner',
} satisfies Record<EndpointDefinition['needs'], string>

export function renderApi(endpoints: readonly EndpointDefinition[]): string {
  const named: NamedShapes = new Map()
  const index = endpoints.map((endpoint) => `| \`${titleOf(endpoint)}\` | ${needs[endpoint.needs]} | ${endpoint.doc} |`)
  const sections = endpoints.map((endpoint) => renderEndpoint(endpoint, named))
  return [
    head,
    `| endpoint | needs | |\n|---|---|---|\n${index.join('\n')}\n`,
    ...sections,
    `## Shapes\n\n${renderNamed(named)}`,
  ].join('\n')
}

const titleOf = (endpoint: EndpointDefinition): string => `${endpoint.method.toUpperCase()} ${endpoint.path}`

function renderEndpoint(endpoint: EndpointDefinition, named: NamedShapes): string {
  const block = (title: string, shape: string) => `\n${title}\n\n\`\`\`ts\n${shape}\n\`\`\`\n`
  const hasQuery = Object.keys(endpoint.query.shape).length > 0
  return [
    `## ${titleOf(endpoint)}\n\n${endpoint.doc} Needs: ${needs[endpoint.needs]}.\n`,
    hasQuery ? block('Query', shapeOf(endpoint.query, 'input', named)) : '',
    endpoint.body ? block('Body', shapeOf(endpoint.body, 'input', named)) : '',
    endpoint.status === 204 ? '\nAnswers 204.\n' : block(`Answers ${endpoint.status}`, shapeOf(endpoint.answer, 'output', named)),
  ].join('')
}
