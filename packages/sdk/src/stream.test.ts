import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { connect, streamLimits } from './stream.ts'
import type { Stream, StreamOptions } from './stream-types.ts'

const orgId = 'org_0123456789abcdefghjkmnpq'
const siteId = 'site_0123456789abcdefghjkmnpq'
const limits = { ...streamLimits, connectMs: 500, backoffFirstMs: 1, backoffMaxMs: 5, pollEveryMs: 1 }

type Answer = (request: { url: URL; response: ServerResponse }) => unknown
const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

/** A gateway that answers each request as the story says: the last answer is given again and again. */
async function gateway(...answers: Answer[]) {
  const requests: string[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://gateway')
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    requests.push(
      `${url.pathname}?${['last_event_id', 'after', 'wait'].flatMap((name) => (url.searchParams.has(name) ? [`${name}=${url.searchParams.get(name)}`] : [])).join('&')} ${token}`,
    )
    answers[Math.min(requests.length, answers.length) - 1]?.({ url, response })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // A listening TCP server has one.
  ended.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${port}`, requests }
}

const deleted = (seq: number | null, data: unknown = { siteId }, type = 'site.deleted') => ({
  seq,
  type,
  orgId,
  at: '2026-11-01T00:00:00.000Z',
  actor: { kind: 'system', id: 'test' },
  data,
})
const frame = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
const frames = (...events: ReturnType<typeof deleted>[]) => events.map((event) => frame(event.type, event)).join('')

function streaming(more: { seq?: number; heartbeatMs?: number; frames?: string; after?: 'end' | 'cut' }): Answer {
  return ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const first = frame('connected', {
      connectionId: 'con_1',
      orgId,
      seq: more.seq ?? 0,
      heartbeatMs: more.heartbeatMs ?? 30_000,
    })
    response.write(`retry: 1\n\n${first}${more.frames ?? ''}`, () => {
      if (more.after === 'cut') response.destroy()
    })
    if (more.after === 'end') response.end()
  }
}
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  ({ response }) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

/** The stream with all that it said, and a way to wait for what it says next. */
function watch(options: Partial<StreamOptions> & { url: string }) {
  const said: (string | number)[] = []
  const stream: Stream = connect({ orgId, token: async () => 'token', ...options }, limits)
  ended.push(() => stream.close())
  let look = () => {}
  const say = (what: string | number) => {
    said.push(what)
    look()
  }
  stream.onAny((event) => say(event.seq ?? 'ephemeral'))
  stream.onStatus((status) => say(status))
  stream.onReset((reason, seq) => say(`reset ${reason} ${seq}`))
  const heard = (what: string | number) =>
    new Promise<void>((resolve) => {
      look = () => said.includes(what) && resolve()
      look()
    })
  return { stream, said, heard, events: () => said.filter((what) => typeof what === 'number') }
}

describe('a stream', () => {
  test('gives each event once and in order, over cuts and doubled messages, and asks for what it missed', async () => {
    const { url, requests } = await gateway(
      streaming({ frames: frames(deleted(6), deleted(6), deleted(7)), after: 'cut' }),
      streaming({ frames: frames(deleted(7), deleted(8)), after: 'end' }),
      streaming({ frames: frames(deleted(9)) }),
    )
    const viewer = watch({ url, after: 5 })
    await viewer.heard(9)
    expect(viewer.events()).toEqual([6, 7, 8, 9])
    expect(requests).toEqual([
      '/v1/stream?last_event_id=5 token',
      '/v1/stream?last_event_id=7 token',
      '/v1/stream?last_event_id=8 token',
    ])
  })

  test('reconnects at a hole and delivers nothing from behind it', async () => {
    const { url, requests } = await gateway(
      streaming({ seq: 5, frames: frames(deleted(6), deleted(8)) }),
      streaming({ frames: frames(deleted(7), deleted(8)) }),
    )
    const viewer = watch({ url })
    await viewer.heard(8)
    expect(viewer.events()).toEqual([6, 7, 8])
    expect(requests[1]).toBe('/v1/stream?last_event_id=6 token')
  })

  test('takes holes for what they are when it asked for some events only', async () => {
    const { url } = await gateway(streaming({ seq: 5, frames: frames(deleted(6), deleted(9)) }))
    const viewer = watch({ url, events: ['site.*'] })
    await viewer.heard(9)
    expect(viewer.events()).toEqual([6, 9])
  })

  test('lets ephemeral events through, passes over those it does not know, and asks for a snapshot when one cannot be read', async () => {
    const { url } = await gateway(
      streaming({ frames: frames(deleted(null), deleted(1, {}, 'site.renovated'), deleted(2, { siteId: 7 }), deleted(3)) }),
    )
    const viewer = watch({ url })
    await viewer.heard(3)
    expect(viewer.said).toEqual(['connected', 'ephemeral', 'reset unreadable 2', 3])
  })

  test('says when the journal no longer has what it missed, and goes on from the new place', async () => {
    const { url, requests } = await gateway(
      streaming({ frames: frame('reset', { reason: 'expired', seq: 40 }) + frames(deleted(41)), after: 'end' }),
      streaming({ frames: frames(deleted(42)) }),
    )
    const viewer = watch({ url, after: 5 })
    await viewer.heard(42)
    expect(viewer.said).toEqual(['connected', 'reset expired 40', 41, 42])
    expect(requests[1]).toBe('/v1/stream?last_event_id=41 token')
  })

  test('gives up a stream that has fallen silent', async () => {
    const { url, requests } = await gateway(streaming({ heartbeatMs: 10 }), streaming({ frames: frames(deleted(1)) }))
    const viewer = watch({ url })
    await viewer.heard(1)
    expect(requests).toHaveLength(2)
  })

  test('takes a fresh token when the old one is refused, and when it is about to end', async () => {
    const tokens = ['old', 'good', 'next']
    const { url, requests } = await gateway(
      json(401, {}),
      streaming({ seq: 3, frames: frame('token_expiring', {}) }),
      streaming({ frames: frames(deleted(4)) }),
    )
    const viewer = watch({ url, token: async () => tokens.shift() ?? 'none' })
    await viewer.heard(4)
    expect(requests).toEqual(['/v1/stream? old', '/v1/stream? good', '/v1/stream?last_event_id=3 next'])
  })

  test('stops when it is turned away, says why, and tries again when told to', async () => {
    const problem = {
      type: 'about:blank',
      title: 'No',
      status: 403,
      code: 'forbidden',
      detail: 'Not your org.',
      errors: [],
      requestId: 'req_1',
    }
    const { url, requests } = await gateway(json(403, problem), streaming({ frames: frames(deleted(1)) }))
    const viewer = watch({ url })
    await viewer.heard('error')
    expect(viewer.stream.error).toMatchObject({ code: 'forbidden', message: 'Not your org.' })
    expect(requests).toHaveLength(1)
    viewer.stream.reconnect()
    await viewer.heard(1)
    expect(viewer.said).toEqual(['error', 'connecting', 'connected', 1])
  })

  test('polls when streams are held up on the way, and climbs back when they are not', async () => {
    const asked: string[] = []
    let held = true
    const { url } = await gateway((request) => {
      const { pathname, searchParams } = request.url
      asked.push(`${pathname} ${searchParams.get('wait')}`)
      if (pathname === '/v1/stream' && held)
        return request.response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Please wait</p>')
      if (pathname === '/v1/stream') return streaming({ frames: frames(deleted(7)) })(request)
      if (searchParams.get('wait') === '0') return json(200, { data: [deleted(6)], head: 6, reset: null })(request)
      return undefined // A long poll waits.
    })
    const viewer = watch({ url, after: 5 })
    await viewer.heard(6)
    expect(viewer.stream.status).toBe('polling')
    expect(asked.slice(0, 4)).toEqual(['/v1/stream null', '/v1/stream null', '/v1/stream null', '/v1/events 0'])
    held = false
    viewer.stream.reconnect()
    await viewer.heard(7)
    expect(viewer.said).toEqual(['polling', 6, 'connected', 7])
  })

  test('is offline while nobody answers, and comes back by itself', async () => {
    let reachable = false
    const { url } = await gateway(streaming({ frames: frames(deleted(1)) }))
    const viewer = watch({
      url,
      fetch: (...request) => (reachable ? fetch(...request) : Promise.reject(new TypeError('fetch failed'))),
    })
    await viewer.heard('offline')
    reachable = true
    await viewer.heard(1)
    expect(viewer.said.at(-2)).toBe('connected')
  })

  test('goes on over a reload from where the storage says', async () => {
    const kept = new Map([[`tocsin:${orgId}:seq`, '11']])
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
    const { url, requests } = await gateway(streaming({ frames: frames(deleted(12)) }))
    const viewer = watch({ url, storage })
    await viewer.heard(12)
    expect(requests).toEqual(['/v1/stream?last_event_id=11 token'])
    expect(kept.get(`tocsin:${orgId}:seq`)).toBe('12')
  })
})
