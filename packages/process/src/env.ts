import { z } from 'zod'

/** Names every variable that is missing or wrong, never its value. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

/** Empty variables count as absent, as in a compose file's `FOO=${FOO}`. All problems are reported at once. */
export function readEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  source: Record<string, string | undefined>,
): z.infer<Schema> {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(present)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new EnvironmentError(`The environment is not complete:\n${problems.join('\n')}`)
}

/** For a main.ts: says what is wrong in plain words and ends the program. */
export function environmentOrExit<Schema extends z.ZodObject>(
  schema: Schema,
  source: Record<string, string | undefined>,
): z.infer<Schema> {
  try {
    return readEnvironment(schema, source)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

export const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback)

/** What every service reads. */
export const CommonEnv = z.object({
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  SECRET_KEY: z.string().min(32, 'Must be 32 characters or longer. `openssl rand -base64 32` makes one.'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'Must be a postgres:// URL.' }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'Must be a redis:// URL.' }),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
})
