export interface SseFrame {
  event: string
  data: string
  /** Null when the frame carries no id of its own. */
  id: string | null
}

export interface SseParser {
  /** The frames that this piece of the stream completes. */
  push(text: string): SseFrame[]
  /** What the server last asked for with `retry:`, in milliseconds. */
  readonly retryMs: number | null
}

/** No event of ours comes near it; a server that sends more is not ours. */
const frameCharactersMax = 4 * 1024 * 1024

/** Server-Sent Events as the HTML standard defines them, for a stream that arrives in arbitrary pieces. */
export function createSseParser(): SseParser {
  let rest = ''
  let retryMs: number | null = null
  let first = true
  let event = ''
  let id: string | null = null
  let data: string[] = []
  let size = 0

  function field(line: string) {
    const colon = line.indexOf(':')
    if (colon === 0) return // A comment: it only shows that the other side lives.
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    size += line.length
    if (size > frameCharactersMax) throw new RangeError('A frame of the stream is too long.')
    if (name === 'event') event = value
    else if (name === 'data') data.push(value)
    else if (name === 'id' && !value.includes('\0')) id = value
    else if (name === 'retry' && /^\d+$/.test(value)) retryMs = Number(value)
  }

  function dispatch(frames: SseFrame[]) {
    if (data.length > 0) frames.push({ event: event || 'message', data: data.join('\n'), id })
    event = ''
    id = null
    data = []
    size = 0
  }

  return {
    get retryMs() {
      return retryMs
    },
    push(text) {
      const frames: SseFrame[] = []
      rest += first && text.startsWith('\uFEFF') ? text.slice(1) : text
      first = first && text === ''
      // A line may end in \r\n, and the \n may be in the next piece: a \r at the very end waits for it.
      const lines = rest.split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      if (rest.length > frameCharactersMax) throw new RangeError('A line of the stream is too long.')
      for (const line of lines) {
        if (line === '') dispatch(frames)
        else field(line)
      }
      return frames
    },
  }
}
