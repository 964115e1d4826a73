/** Postgres keeps neither NUL nor half a surrogate pair, and what a foreign server sent, or what we cut, may hold them. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value)
  // JSON escapes both, so that most values need no second look; some that only speak of an escape get one for nothing.
  if (!/\\u(?:0000|d[89a-f])/i.test(json)) return json
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'string' ? each.replaceAll('\0', '').toWellFormed() : each,
  )
}
