import { startTestServers } from './test-servers.ts'

/** Jest calls this once per run, before any worker starts, and only when tests that need servers were selected. Workers inherit the environment. */
export default async function startServers(): Promise<void> {
  Object.assign(process.env, await startTestServers())
}
