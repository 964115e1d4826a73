import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync } from 'node:fs'
import { text } from 'node:stream/consumers'

/** Who the server runs as. Postgres refuses root, so root hands it to the owner of the folder, or at first to nobody. */
export type ServerUser = { uid: number; gid: number; switched: boolean }

const nobody = 65_534

export function serverUserFor(folder: string): ServerUser {
  const uid = process.getuid?.()
  const gid = process.getgid?.()
  if (uid === undefined || gid === undefined) throw new Error('The embedded Postgres runs on Linux only. Set DATABASE_URL.')
  const owner = lstatSync(folder, { throwIfNoEntry: false })
  if (uid === 0)
    return owner && owner.uid !== 0
      ? { uid: owner.uid, gid: owner.gid, switched: true }
      : { uid: nobody, gid: nobody, switched: true }
  if (owner && owner.uid !== uid) {
    throw new Error(
      `${folder} belongs to user ${owner.uid}, and this is user ${uid}: it was made by another user (root?). Run as that user, or choose another DATA_DIR.`,
    )
  }
  return { uid, gid, switched: false }
}

/**
 * setpriv changes the user (without root it only arranges the signal) and asks the kernel to interrupt the program when our process dies, even by kill -9; for Postgres
 * that is a clean, fast stop. A session of its own keeps a Ctrl-C in our terminal from stopping it before us.
 */
export function spawnAs(user: ServerUser, program: string, args: string[], stdio: StdioOptions): ChildProcess {
  const identity = user.switched ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : []
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  return spawn('setpriv', [...identity, '--pdeathsig=INT', program, ...args], { stdio, env, cwd: '/', detached: true })
}

/** For programs that end by themselves; `folder` is what they find as descriptor 3. */
export async function runAs(
  user: ServerUser,
  program: string,
  args: string[],
  folder?: number,
): Promise<{ status: number | null; output: string }> {
  const child = spawnAs(user, program, args, ['ignore', 'pipe', 'pipe', folder ?? 'ignore'])
  const started = once(child, 'close').catch((error: unknown) => {
    throw new Error('Postgres is started with setpriv (package util-linux), which is missing here.', { cause: error })
  })
  const [out, err] = await Promise.all([child.stdout ? text(child.stdout) : '', child.stderr ? text(child.stderr) : '', started])
  return { status: child.exitCode, output: out + err }
}
