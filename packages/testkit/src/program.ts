import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Program {
  readonly child: ChildProcess
  /** Everything printed so far. */
  output(): string
  /** The first match in what it prints; rejects if it ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** One of our programs, run as a user runs it. `main` is relative to the root of the repository. */
export function startProgram(main: string, args: readonly string[], env: Record<string, string>): Program {
  const root = join(import.meta.dirname, '../../..')
  const child = spawn(process.execPath, [join(root, main), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const listeners = new Set<() => void>()
  const hear = (chunk: Buffer) => {
    text += chunk.toString()
    for (const listener of listeners) listener()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return {
    child,
    output: () => text,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(text)
          if (!found) return
          listeners.delete(look)
          resolve(found)
        }
        listeners.add(look)
        child.once('exit', (code) => reject(new Error(`${main} ended with ${code} before it printed ${pattern}:\n${text}`)))
        look()
      }),
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const exit = once(child, 'exit')
      child.kill(signal)
      const [code] = (await exit) as [number | null]
      return code
    },
  }
}
