import type { EndpointDefinition } from '@tocsin/contract/endpoint'
import { exampleOf } from '@tocsin/contract/example'

export interface EndpointRequest {
  method: string
  path: string
  query: Record<string, unknown>
  /** Undefined: the endpoint takes no body. */
  json: unknown
}

/** A valid request to an endpoint, as its contract alone describes it. `ids` replace the examples of its path and query. */
export function requestOf(endpoint: EndpointDefinition, ids: Readonly<Record<string, string>> = {}): EndpointRequest {
  const params = { ...fieldsOf(exampleOf(endpoint.params, 'input')), ...ids }
  const query = fieldsOf(exampleOf(endpoint.query, 'input'))
  // A poll that waits would be answered when nobody is interested any more; filters by anything but ids would hide what is there.
  const filters = Object.keys(query).filter((name) => name in ids || name === 'limit')
  return {
    method: endpoint.method.toUpperCase(),
    path: endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name]))),
    query: Object.fromEntries(filters.map((name) => [name, ids[name] ?? query[name]])),
    json: endpoint.body ? exampleOf(endpoint.body, 'input') : undefined,
  }
}

export function withQuery(path: string, query: Readonly<Record<string, unknown>>): string {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? path : `${path}?${text}`
}

const fieldsOf = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? { ...value } : {})
