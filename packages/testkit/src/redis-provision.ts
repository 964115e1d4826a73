import { startRedis } from './redis.ts'
import { redisOnPath, redisProgram, redisWays } from './redis-program.ts'

/** The shared Redis of a run, by the first way that this machine offers. */
export async function provideRedis(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env['TEST_REDIS_URL'] ?? process.env['REDIS_URL']
  if (given) return { url: given, stop: async () => undefined }
  if (redisOnPath()) return await startRedis()
  const container = await startInContainer()
  if (container) return container
  if (await redisProgram()) return await startRedis()
  throw new Error(`No Redis for the tests. ${redisWays}`)
}

/** Null without a container engine. Loaded only here: testcontainers costs half a second. */
async function startInContainer(): Promise<{ url: string; stop: () => Promise<void> } | null> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers')
  try {
    await getContainerRuntimeClient()
  } catch {
    return null // It throws when no engine answers, and that is all we ask.
  }
  const container = await new GenericContainer('redis:8')
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
    .start()
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    stop: async () => void (await container.stop()),
  }
}
