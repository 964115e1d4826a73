import { connect, createServer, type Server } from 'node:net'
import { text } from 'node:stream/consumers'

/**
 * One process per data folder. The lock is a socket in Linux's abstract namespace: taken atomically, gone with its process
 * however that ends, so there is no stale lock to judge. Whoever finds it taken learns from it who holds it.
 */
export async function takeLock(key: string, dataDir: string): Promise<{ release: () => Promise<void> }> {
  const address = `\0tocsin-${key}`
  const server = createServer((asking) => asking.on('error', () => asking.destroy()).end(String(process.pid)))
  for (let attempt = 1; ; attempt += 1) {
    if (await listens(server, address)) break
    const holder = await holderOf(address)
    if (holder !== null || attempt === 5) {
      throw new Error(
        `The data folder ${dataDir} is in use by process ${holder ?? 'unknown'}. Stop that one first, or set DATA_DIR to another folder.`,
      )
    }
  }
  server.unref()
  return { release: () => closed(server) }
}

function listens(server: Server, address: string): Promise<boolean> {
  return new Promise((answer, fail) => {
    const refused = (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? answer(false) : fail(error))
    server.once('error', refused)
    server.listen(address, () => {
      server.off('error', refused)
      answer(true)
    })
  })
}

/** Null when it ended between our attempt and our question. */
async function holderOf(address: string): Promise<string | null> {
  try {
    return (await text(connect(address))) || null
  } catch {
    return null
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()))
}
