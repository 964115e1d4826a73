import { createArrivals } from './sinks/arrivals.ts'

export interface Frame {
  event: string
  id: number | null
  data: Record<string, unknown>
}

/** Frames that tell of a numbered event; `connected` carries the seq that a browser would come back with. */
export const isEvent = (frame: Frame): frame is Frame & { id: number } =>
  frame.id !== null && frame.event !== 'connected' && frame.event !== 'reset'

export interface Viewer {
  readonly frames: readonly Frame[]
  /** The first frame of this name, past or to come. */
  first(event: string, matches?: (frame: Frame) => boolean): Promise<Frame>
  close(): void
  /** Settles when the server has ended the stream. */
  readonly ended: Promise<void>
}

/** One browser tab: an SSE stream read byte by byte, independent of our SDK. */
export async function openViewer(
  url: string,
  options: { headers?: Record<string, string>; hear?: (frame: Frame) => void } = {},
): Promise<Viewer> {
  const stopping = new AbortController()
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...options.headers }, signal: stopping.signal })
  if (!response.ok || !response.body) throw new Error(`The stream answered ${response.status}: ${await response.text()}`)
  const arrivals = createArrivals<Frame>()
  return {
    frames: arrivals.items,
    first: (event, matches = () => true) => arrivals.first((frame) => frame.event === event && matches(frame)),
    close: () => stopping.abort(),
    ended: readAll(response.body, (frame) => {
      arrivals.add(frame)
      options.hear?.(frame)
    }),
  }
}

async function readAll(body: ReadableStream<Uint8Array>, hear: (frame: Frame) => void): Promise<void> {
  let rest = ''
  try {
    for await (const text of body.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)) {
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const frame = parse(block)
        if (frame) hear(frame)
      }
    }
  } catch {
    // A stream that is cut has ended: what was received until then is what a test looks at.
  }
}

function parse(block: string): Frame | null {
  const field = (name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
  const event = field('event')
  const data = field('data')
  if (event === undefined || data === undefined) return null
  const id = field('id')
  return { event, id: id === undefined ? null : Number(id), data: JSON.parse(data) as Record<string, unknown> }
}
