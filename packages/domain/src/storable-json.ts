/** Postgres keeps neither NUL nor half a surrogate pair, and what a foreign server sent, or what we cut, may hold them. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'string' ? each.replaceAll('\0', '').toWellFormed() : each,
  )
}
