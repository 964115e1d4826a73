import type { StreamOptions } from './stream-types.ts'

const streamPath = '/v1/stream'
const eventsPath = '/v1/events'

/** Where to ask, with the org and the filter. Events are polled from the api, which may be there when the gateway is not. */
export function streamAddress(
  options: Pick<StreamOptions, 'url' | 'orgId' | 'events'>,
  streamUrl: string | null,
  what: 'stream' | 'events',
  query: Record<string, string | number | null>,
): string {
  const base = what === 'stream' ? (streamUrl ?? `${options.url}${streamPath}`) : `${options.url}${eventsPath}`
  const search = new URLSearchParams({ org_id: options.orgId })
  if (what === 'events') search.delete('org_id') // The token names the org; the list of events refuses fields it does not know.
  if (options.events) search.set('events', options.events.join(','))
  for (const [name, value] of Object.entries(query)) if (value !== null) search.set(name, String(value))
  return `${base}?${search}`
}
