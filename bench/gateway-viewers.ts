import { connect, type Socket } from 'node:net'

/** Many viewers in one process: sockets that count bytes, and one who also reads what the bytes say. */
export interface Viewers {
  readonly count: number
  /** Does something and waits until every viewer has received an event with this mark. Milliseconds from `began` to each arrival. */
  arrivals(mark: string, act: () => Promise<void>, began: () => number): Promise<number[]>
  close(): void
}

interface Viewer {
  socket: Socket
  /** The end of what came last: a mark may come in two pieces. */
  tail: string
  seen: boolean
}

/** Loopback has many addresses, so that ports do not run out. */
const addresses = 32

export async function openViewers(options: {
  port: number
  count: number
  request: (index: number) => string
  atOnce: number
  /** What says that a viewer is connected, or has what it came for. */
  ready: string
}): Promise<Viewers> {
  const viewers: Viewer[] = []
  let mark = Buffer.from(options.ready)
  let waiting = 0
  let done = () => {}
  let onArrival = () => {}

  function hear(viewer: Viewer, chunk: Buffer): void {
    if (viewer.seen) return
    if (!chunk.includes(mark)) {
      viewer.tail = (viewer.tail + chunk.toString('latin1')).slice(-256)
      if (!viewer.tail.includes(mark.toString('latin1'))) return
    }
    viewer.tail = ''
    viewer.seen = true
    onArrival()
    waiting -= 1
    if (waiting === 0) done()
  }
  async function open(index: number): Promise<void> {
    const socket = connect({
      port: options.port,
      host: '127.0.0.1',
      localAddress: `127.0.0.${2 + (index % addresses)}`,
      noDelay: true,
    })
    const viewer: Viewer = { socket, tail: '', seen: false }
    viewers.push(viewer)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject)
    })
    socket.removeAllListeners('error').on('error', () => socket.destroy()) // Closed in the middle: at the end of a measurement.
    const isReady = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        hear(viewer, chunk)
        if (viewer.seen) resolve()
      })
    })
    socket.write(`GET ${options.request(index)} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`)
    await isReady
  }
  for (let index = 0; index < options.count; index += options.atOnce)
    await Promise.all(Array.from({ length: Math.min(options.atOnce, options.count - index) }, (_, n) => open(index + n)))

  return {
    count: viewers.length,
    async arrivals(text, act, began) {
      mark = Buffer.from(text)
      waiting = viewers.length
      for (const viewer of viewers) viewer.seen = false
      const at: number[] = []
      onArrival = () => at.push(performance.now())
      const all = new Promise<void>((resolve) => {
        done = resolve
      })
      await act()
      await all
      return at.map((moment) => moment - began())
    },
    close() {
      for (const { socket } of viewers) socket.destroy()
    },
  }
}
