import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { type Arrivals, createArrivals } from './arrivals.ts'

export type ReceivedWebhook = {
  method: string
  path: string
  headers: Record<string, string>
  /** As it came over the wire: what the signature is about. */
  body: string
  json: unknown
  /** Whether npm's standardwebhooks accepts it; null while the sink knows no secret. */
  verified: boolean | null
}

export type SinkAnswer =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
  /** Takes the request and never answers. */
  | { kind: 'hang' }
  /** Headers at once, then a byte now and then, for ever. */
  | { kind: 'slow'; byteEveryMs: number }
  /** A body without end, as fast as the reader takes it. */
  | { kind: 'endless' }
  /** Promises more bytes than it sends, and closes. */
  | { kind: 'cut' }

export type WebhookSink = {
  url: string
  messages: readonly ReceivedWebhook[]
  received: Arrivals<ReceivedWebhook>['received']
  first: Arrivals<ReceivedWebhook>['first']
  /** Answers to the next requests, in order; the last one stays. A number is a status. */
  answer: (...sequence: (number | SinkAnswer)[]) => void
  /** Messages that have come already are verified too. */
  verifyWith: (secret: string) => void
  close: () => Promise<void>
}

/** A customer's receiver. With a hand-set clock, give its `now`: the age of a signature is judged by it. */
export async function createWebhookSink(options: { now?: () => Date } = {}): Promise<WebhookSink> {
  const arrivals = createArrivals<ReceivedWebhook>()
  let answers: SinkAnswer[] = [{ kind: 'status', status: 200 }]
  let secret: string | null = null
  const server = createServer(async (request, response) => {
    response.on('error', () => response.destroy()) // The sender hung up, as the tests of deadlines want it to.
    const message = await messageOf(request)
    message.verified = secret === null ? null : verifies(secret, message, options.now)
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    if (answer) give(answer, response)
    arrivals.add(message)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/hook`,
    messages: arrivals.items,
    received: arrivals.received,
    first: arrivals.first,
    answer(...sequence) {
      answers = sequence.map((answer) => (typeof answer === 'number' ? { kind: 'status', status: answer } : answer))
    },
    verifyWith(known) {
      secret = known
      for (const message of arrivals.items) message.verified = verifies(known, message, options.now)
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function messageOf(request: IncomingMessage): Promise<ReceivedWebhook> {
  const body = await text(request)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  return { method: request.method ?? '', path: request.url ?? '', headers, body, json: parsed(body), verified: null }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined // A sink takes anything; a test that expects JSON sees that it is none.
  }
}

function verifies(secret: string, { headers, body }: ReceivedWebhook, now?: () => Date): boolean {
  const webhook = new Webhook(secret)
  try {
    if (!now) return Boolean(webhook.verify(body, headers))
    // The library reads the wall clock, so with another clock its signature is compared and the age judged here.
    const at = new Date(Number(headers['webhook-timestamp']) * 1000)
    const signature = webhook.sign(headers['webhook-id'] ?? '', at, body)
    return (
      (headers['webhook-signature'] ?? '').split(' ').includes(signature) &&
      Math.abs(now().getTime() - at.getTime()) <= 5 * 60_000
    )
  } catch {
    return false // It throws for every reason not to believe a message.
  }
}

function give(answer: SinkAnswer, response: ServerResponse): void {
  switch (answer.kind) {
    case 'status':
      response.writeHead(answer.status, answer.headers).end(answer.body ?? '')
      return
    case 'hang':
      return
    case 'slow': {
      response.writeHead(200).flushHeaders()
      const timer = setInterval(() => response.write('.'), answer.byteEveryMs)
      response.on('close', () => clearInterval(timer))
      return
    }
    case 'endless': {
      response.writeHead(200)
      const block = 'x'.repeat(64 * 1024)
      const fill = () => {
        while (!response.destroyed && response.write(block));
      }
      response.on('drain', fill)
      fill()
      return
    }
    case 'cut':
      response.writeHead(200, { 'content-length': '1000' })
      response.write('only this', () => response.destroy())
      return
    default:
      answer satisfies never
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the sink does not listen on a port')
  return address.port
}
