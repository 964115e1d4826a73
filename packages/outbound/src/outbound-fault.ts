import { types } from 'node:util'
import { BlockedAddressError, errorCode } from './guarded-lookup.ts'

/**
 * Why there is no answer. `refused`: nobody listens, or the connection broke; `protocol`: what came back is not HTTP, or the request
 * could not be put into it.
 */
export type OutboundFault = 'timeout' | 'dns' | 'refused' | 'tls' | 'blocked_address' | 'aborted' | 'protocol'

export interface Fault {
  readonly fault: OutboundFault
  /** For people and logs: a code and what it was about, never what was sent. */
  readonly detail: string
}

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'
}

/** Sorts what connecting, TLS and HTTP throw. What it does not know is `protocol`. */
export function faultOf(error: unknown): Fault {
  if (error instanceof BlockedAddressError) return { fault: 'blocked_address', detail: error.message }
  if (error instanceof DeadlineError) return { fault: 'timeout', detail: error.message }
  // Several addresses were tried and each failed in its own way: a private one among them decides, else the first.
  const attempts = attemptsOf(error)
  if (attempts.length > 0) return faultOf(attempts.find((each) => each instanceof BlockedAddressError) ?? attempts[0])
  // Not instanceof: Node's own errors may come from another realm than this file.
  if (!types.isNativeError(error)) return { fault: 'protocol', detail: 'Unknown failure' }
  const code = errorCode(error) ?? ''
  const detail = code === '' ? error.message : `${code}: ${error.message}`
  return { fault: faultOfCode(code, error.message), detail: detail.slice(0, 300) }
}

const attemptsOf = (error: unknown): unknown[] =>
  types.isNativeError(error) && 'errors' in error && Array.isArray(error.errors) ? error.errors : []

const timeoutCodes = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
const refusedCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EACCES',
  'UND_ERR_SOCKET',
])
const dnsCodes = /^(ENOTFOUND|ENODATA|ESERVFAIL|EREFUSED|EAI_|EBADNAME|EBADRESP)/
const tlsCodes =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CRL_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH|EPROTO)/

function faultOfCode(code: string, message: string): OutboundFault {
  if (timeoutCodes.has(code)) return 'timeout'
  if (dnsCodes.test(code)) return 'dns'
  if (tlsCodes.test(code) || /unable to verify|certificate/i.test(message)) return 'tls'
  if (refusedCodes.has(code)) return 'refused'
  return 'protocol'
}
