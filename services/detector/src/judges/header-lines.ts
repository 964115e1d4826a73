import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'

/** What was sent under this name, which is given in lower case. It is taken in any case, and in several, because not every caller is an HTTP client. */
export const headerLines = (headers: ResponseHeaders, wanted: string): string[] =>
  Object.keys(headers).flatMap((name) =>
    name.length === wanted.length && name.toLowerCase() === wanted ? (headers[name] ?? []) : [],
  )
