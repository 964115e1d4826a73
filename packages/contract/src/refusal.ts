/** The closed list of ways to say no. Codes are part of the API: a program may branch on them. */
export const refusalCodes = [
  'malformed',
  'unauthenticated',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'conflict',
  'precondition_failed',
  'too_large',
  'unsupported_media_type',
  'invalid',
  'limit_reached',
  'unavailable',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

export type RefusalIssue = { path: string; message: string }

/** Us saying no, on purpose. The message is safe to show to whoever asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly issues: RefusalIssue[]
  /** When asking again makes sense, if the refusal is about load or rate. */
  readonly retryAfterSeconds: number | null

  constructor(code: RefusalCode, message: string, more: { issues?: RefusalIssue[]; retryAfterSeconds?: number } = {}) {
    super(message)
    this.code = code
    this.issues = more.issues ?? []
    this.retryAfterSeconds = more.retryAfterSeconds ?? null
  }
}
