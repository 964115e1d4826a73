import { type AnsweringServer, openAnswering } from './answering.ts'

export interface WebRiskServer extends AnsweringServer {
  /** What it lists from now on; no threats take a host off. */
  list(host: string, expireTime: string | null, ...threatTypes: string[]): void
}

/** `uris:search` of Web Risk v1: `{}` for what is well. */
export async function createWebRiskServer(): Promise<WebRiskServer> {
  const listed = new Map<string, { threatTypes: string[]; expireTime: string | null }>()
  const server = await openAnswering(
    (url) => {
      const host = URL.parse(url.searchParams.get('uri') ?? '')?.hostname
      if (url.pathname !== '/v1/uris:search' || host === undefined || url.searchParams.getAll('threatTypes').length === 0)
        return { status: 400, body: { error: { code: 400, status: 'INVALID_ARGUMENT' } } }
      const known = listed.get(host)
      if (!known || known.threatTypes.length === 0) return { status: 200, body: {} }
      const { threatTypes, expireTime } = known
      return { status: 200, body: { threat: { threatTypes, ...(expireTime === null ? {} : { expireTime }) } } }
    },
    { threat: {} },
  )
  return { ...server, list: (host, expireTime, ...threatTypes) => void listed.set(host, { threatTypes, expireTime }) }
}
