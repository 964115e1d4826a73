import { type AnsweringServer, openAnswering } from './answering.ts'

export interface SafeBrowsingServer extends AnsweringServer {
  /** What it lists from now on: a host, or a suffix of hosts, with its threats. */
  list(host: string, ...threatTypes: string[]): void
  cacheFor(duration: string): void
}

/** `urls:search` of Safe Browsing v5: it names what is listed, and says for how long the answer about all holds. */
export async function createSafeBrowsingServer(): Promise<SafeBrowsingServer> {
  const listed = new Map<string, string[]>()
  let cacheDuration = '300s'
  const server = await openAnswering(
    (url, request) => {
      const urls = url.searchParams.getAll('urls')
      if (url.pathname !== '/v5/urls:search') return { status: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } }
      if (request.headers['x-goog-api-key'] === undefined)
        return { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED' } } }
      if (urls.length === 0 || urls.length > 50)
        return { status: 400, body: { error: { code: 400, status: 'INVALID_ARGUMENT' } } }
      const threats = [...listed].flatMap(([host, threatTypes]) =>
        urls.some((each) => each === `${host}/` || each.endsWith(`.${host}/`)) && threatTypes.length > 0
          ? [{ url: `${host}/`, threatTypes }]
          : [],
      )
      // An empty list is left out, as protocol buffers do.
      return { status: 200, body: { ...(threats.length === 0 ? {} : { threats }), cacheDuration } }
    },
    { threats: [{ url: 'shop.example/' }] },
  )
  return {
    ...server,
    list: (host, ...threatTypes) => void listed.set(host, threatTypes),
    cacheFor(duration) {
      cacheDuration = duration
    },
  }
}
