import { type Problem, problemFor } from '@tocsin/contract/problem'
import { Refusal } from '@tocsin/contract/refusal'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import type { Log } from '@tocsin/process/log'
import type { ErrorRequestHandler, Response } from 'express'

/** Postgres is usually back within seconds: a restart, a failover. */
const unavailableSeconds = 3
/** Serialisation failure, deadlock, lock or statement timeout: the same request may well succeed in a moment. */
const passing = /^(40001|40P01|55P03|57014)$/

/** A Refusal says itself what may be told. Of everything else the caller learns that it is our fault, and the log learns the rest. */
export function problemOf(
  error: unknown,
  requestId: string,
): { problem: Problem; retryAfterSeconds: number | null; fault: boolean } {
  const refusal = error instanceof Refusal ? error : refusalOf(error)
  const problem = problemFor(refusal, requestId)
  const fault = !(error instanceof Refusal) && (refusal === null || refusal.code === 'unavailable')
  return { problem, retryAfterSeconds: refusal?.retryAfterSeconds ?? null, fault }
}

/** Errors of others that have a meaning for the caller. */
function refusalOf(error: unknown): Refusal | null {
  const more = { retryAfterSeconds: unavailableSeconds }
  if (error instanceof DatabaseUnavailable) return new Refusal('unavailable', 'The database cannot be reached.', more)
  if (!(error instanceof Error)) return null
  if ('code' in error && passing.test(String(error.code)))
    return new Refusal('unavailable', 'The database is too busy at this moment.', more)
  // The router's own: a path whose percent signs mean nothing.
  if (error instanceof URIError) return new Refusal('malformed', 'The path cannot be decoded.')
  return null
}

/** The one place where something that was thrown becomes an answer. */
export function createErrorHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const { problem, retryAfterSeconds, fault } = problemOf(error, typeof request.id === 'string' ? request.id : '')
    if (fault) log.error({ err: error, requestId: problem.requestId }, 'A request failed.')
    if (response.headersSent) {
      response.destroy()
      return
    }
    if (retryAfterSeconds !== null) response.set('Retry-After', String(retryAfterSeconds))
    sendProblem(response, problem)
  }
}

export function sendProblem(response: Response, problem: Problem): void {
  if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer realm="tocsin"')
  response.status(problem.status).set('Cache-Control', 'no-store').type('application/problem+json').send(JSON.stringify(problem))
}
