/** The code of a system or library error, such as ENOENT or 57P01; empty when it has none. Asks the error, not its class: that may be of another realm. */
export function errorCode(error: unknown): string {
  const has = typeof error === 'object' && error !== null && 'code' in error
  return has && typeof error.code === 'string' ? error.code : ''
}

export const errorMessage = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
