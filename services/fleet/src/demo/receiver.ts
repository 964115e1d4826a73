import { createServer, type IncomingMessage } from 'node:http'
import { verifyWebhook } from '@tocsin/contract/webhook-signature'
import { close, listen } from '@tocsin/process/health'

export interface ReceivedWebhook {
  at: string
  id: string
  type: string
  verified: boolean
  body: string
}

export interface DemoReceiver {
  readonly url: string
  received(): readonly ReceivedWebhook[]
  onReceived(listener: () => void): void
  trust(secret: string): void
  close(): Promise<void>
}

const keptMax = 50
const bodyBytesMax = 256 * 1024

/** A customer's program in small: takes webhooks, verifies each with its secret, keeps the last fifty. */
export async function startDemoReceiver(port: number): Promise<DemoReceiver> {
  const kept: ReceivedWebhook[] = []
  let secret = ''
  let tell = () => {}
  const server = createServer((request, response) => {
    take(request).then(
      (webhook) => {
        kept.unshift(webhook)
        kept.length = Math.min(kept.length, keptMax)
        tell()
        response.writeHead(webhook.verified ? 204 : 401).end()
      },
      () => response.writeHead(400).end(),
    )
  })

  async function take(request: IncomingMessage): Promise<ReceivedWebhook> {
    const body = await readBody(request)
    const header = (name: string) => String(request.headers[name] ?? '')
    const headers = {
      'webhook-id': header('webhook-id'),
      'webhook-timestamp': header('webhook-timestamp'),
      'webhook-signature': header('webhook-signature'),
    }
    const now = new Date()
    const verified = await verifyWebhook(secret, headers, body, now).then(
      () => true,
      () => false, // What is wrong with it does not matter to a receiver: it is refused.
    )
    return { at: now.toISOString(), id: headers['webhook-id'], type: typeOf(body), verified, body }
  }

  await listen(server, port, '127.0.0.1')
  return {
    url: `http://127.0.0.1:${port}/webhook`,
    received: () => kept,
    onReceived(listener) {
      tell = listener
    },
    trust(next) {
      secret = next
    },
    close: () => close(server),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) throw new Error('The body is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function typeOf(body: string): string {
  try {
    const { type } = JSON.parse(body) as { type?: unknown }
    return typeof type === 'string' ? type : 'unknown'
  } catch {
    return 'not JSON'
  }
}
