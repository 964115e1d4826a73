// The servers that bench/gateway.ts measures, each a process of its own: `ours`, or `naive` as everybody writes it first.
import { createServer, type ServerResponse } from 'node:http'
import { createRedisBus } from '@tocsin/bus/redis'
import { OrgId } from '@tocsin/contract/ids'
import { openFoundation } from '@tocsin/journal/foundation'
import { silentLog } from '@tocsin/process/log'
import { GatewayEnv } from '@tocsin/realtime-gateway/env'
import { createGatewayService } from '@tocsin/realtime-gateway/service'

const [kind, port = '', databaseUrl = '', redisUrl = '', SECRET_KEY = ''] = process.argv.slice(2)
const log = silentLog()

if (kind === 'ours') {
  const foundation = openFoundation({ databaseUrl, redisUrl, log })
  const limits = { GATEWAY_STREAMS_PER_ORG: '100000', GATEWAY_STREAMS_PER_USER: '100000', GATEWAY_STREAMS_PER_IP: '100000' }
  const env = { ...GatewayEnv.parse({ GATEWAY_PORT: port, ...limits }), SECRET_KEY }
  await createGatewayService({ ...foundation, env }).start()
} else {
  const bus = createRedisBus({ url: redisUrl, log })
  const viewers = new Map<OrgId, Set<ServerResponse>>()
  createServer((request, response) => {
    const orgId = OrgId.parse(new URL(request.url ?? '', 'http://localhost').searchParams.get('org_id'))
    const ofOrg = viewers.get(orgId) ?? new Set()
    if (ofOrg.size === 0)
      bus.listen(orgId, (event) => {
        if (event)
          for (const viewer of ofOrg) viewer.write(`event: ${event.type}\nid: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`)
      })
    viewers.set(orgId, ofOrg.add(response))
    response.on('close', () => ofOrg.delete(response))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: connected\ndata: {}\n\n')
  }).listen({ port: Number(port), backlog: 4096 })
}

// Asked for its memory and time: what is only waiting to be collected is not counted, nor is collecting it because we were asked.
let askedMicros = 0
const micros = () => process.cpuUsage().user + process.cpuUsage().system
process.on('message', () => {
  const cpuMicros = micros() - askedMicros
  globalThis.gc?.()
  askedMicros = micros() - cpuMicros
  process.send?.({ rssBytes: process.memoryUsage.rss(), cpuMicros })
})
process.send?.('up')
