import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where a record stands: two numbers instead of the record. */
export interface Spilled {
  readonly offset: number
  readonly length: number
}

/** Records of one scan, on disk instead of in memory. */
export interface SpillFile {
  add(text: string): Spilled
  readonly read: (at: Spilled) => string
  /** For reading one record after the other: it asks the system for many at once. */
  reader(): (at: Spilled) => string
  /** After this nothing can be read: whoever still tries is told so. */
  close(): void
}

/** Written together, and read together: a record alone is small. */
const bufferBytes = 256 * 1024
const aheadBytes = 64 * 1024

/**
 * One text behind the other in a file that has no name: it is gone when it is closed, and when the process dies. Reading and writing
 * wait for the system's page cache, not for a disk; when the disk is full, adding throws what the system says.
 */
export function openSpillFile(folder = tmpdir()): SpillFile {
  const file = openNameless(folder)
  const buffer = Buffer.allocUnsafe(bufferBytes)
  /** Of the file; what is in the buffer stands behind it. */
  let written = 0
  let buffered = 0
  const write = (bytes: Buffer) => {
    for (let from = 0; from < bytes.length; ) {
      const count = writeSync(file, bytes, from, bytes.length - from, written)
      from += count
      written += count
    }
  }
  const flush = () => {
    write(buffer.subarray(0, buffered))
    buffered = 0
  }
  let isOpen = true
  const requireOpen = () => {
    if (!isOpen) throw new Error('The scan is over, and what it saw is gone.')
  }
  const read = ({ offset, length }: Spilled): string => {
    requireOpen()
    if (offset >= written) return buffer.toString('utf8', offset - written, offset - written + length)
    const bytes = Buffer.allocUnsafe(length)
    for (let from = 0; from < length; ) {
      const count = readSync(file, bytes, from, length - from, offset + from)
      if (count === 0) throw new Error('A spilled record is not there any more.')
      from += count
    }
    return bytes.toString()
  }
  return {
    add(text) {
      requireOpen()
      const length = Buffer.byteLength(text)
      if (buffered + length > bufferBytes) flush()
      const offset = written + buffered
      if (length > bufferBytes) write(Buffer.from(text))
      else buffered += buffer.write(text, buffered)
      return { offset, length }
    },
    read,
    reader() {
      const ahead = Buffer.allocUnsafe(aheadBytes)
      let from = 0
      let length = 0
      return (at) => {
        const isAhead = at.offset >= from && at.offset + at.length <= from + length
        if (!isAhead && (at.length > aheadBytes || at.offset >= written)) return read(at)
        requireOpen()
        if (!isAhead) {
          from = at.offset
          length = readSync(file, ahead, 0, aheadBytes, from)
          if (length < at.length) throw new Error('A spilled record is not there any more.')
        }
        return ahead.toString('utf8', at.offset - from, at.offset - from + at.length)
      }
    },
    close() {
      if (isOpen) closeSync(file)
      isOpen = false
    },
  }
}

/** In a folder of its own, which is removed at once: the open file lives on until nobody holds it. */
function openNameless(folder: string): number {
  const own = mkdtempSync(join(folder, 'tocsin-scan-'))
  try {
    return openSync(join(own, 'records'), 'wx+', 0o600)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}
