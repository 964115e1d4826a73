import { createServer } from 'node:http'

// A receiver in a process of its own. Prints its URL, tells when each seq arrived, ends with its parent.
const server = createServer((request, response) => {
  const at = performance.timeOrigin + performance.now()
  if (request.url !== '/latency') {
    request.resume().on('end', () => response.end())
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    response.end()
    // Sent by our own notifier, with the event's seq.
    const { seq } = JSON.parse(Buffer.concat(chunks).toString()) as { seq: number }
    process.send?.({ seq, at })
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address.port}\n`)
})
process.on('disconnect', () => process.exit(0))
