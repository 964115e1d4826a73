import { createServer, type ServerResponse } from 'node:http'

// A receiver in a process of its own. Prints its URL, tells when each threat arrived, ends with its parent. By path it is a good one, one
// that tells, or one of three bad ones.
const block = 'x'.repeat(64 * 1024)

/** Answers 200 and never comes to an end. Answers whether it was asked to. */
function misbehave(path: string | undefined, response: ServerResponse): boolean {
  if (path === '/black-hole') return true
  if (path === '/endless') {
    const fill = () => {
      while (!response.destroyed && response.write(block));
    }
    response.on('drain', fill).writeHead(200)
    fill()
    return true
  }
  if (path === '/drip') {
    response.writeHead(200).flushHeaders()
    const timer = setInterval(() => response.write('.'), 1_000)
    response.on('close', () => clearInterval(timer))
    return true
  }
  return false
}

const server = createServer((request, response) => {
  const at = performance.timeOrigin + performance.now()
  response.on('error', () => response.destroy()) // The sender hung up.
  if (misbehave(request.url, response)) {
    request.resume()
    return
  }
  if (request.url !== '/latency') {
    request.resume().on('end', () => response.end())
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    response.end()
    // Sent by our own notifier, about a threat.
    const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: { threat: { id: string } } }
    process.send?.({ threatId: data.threat.id, at })
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address.port}\n`)
})
process.on('disconnect', () => process.exit(0))
