/** Seconds until the server wants to be asked again: a number or a date (RFC 9110 §10.2.3). Null when it does not say. */
export function retryAfterSeconds(header: string | string[] | undefined, now: Date): number | null {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim()
  if (text === undefined || text === '') return null
  if (/^\d+$/.test(text)) return Number(text)
  // Without a name of a month Date.parse would take almost any number for a year.
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, Math.round((at - now.getTime()) / 1000))
}
