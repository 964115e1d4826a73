import { EventPage } from '@tocsin/contract/api/events'
import type { z } from 'zod'
import { ApiError, errorOfResponse } from './api-error.ts'

/** Longer than the longest wait that can be asked for (25 s). */
const deadlineMs = 35_000

/** One page of the journal. With `wait` in the URL the server answers with the first event, or nothing when the time is over. */
export async function askForEvents(request: {
  fetch: typeof fetch
  url: string
  token: string
  signal: AbortSignal
}): Promise<z.infer<typeof EventPage>> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(deadlineMs)])
  const headers = { accept: 'application/json', authorization: `Bearer ${request.token}` }
  const response = await request.fetch(request.url, { headers, signal, cache: 'no-store' })
  if (!response.ok) throw await errorOfResponse(response)
  const page = EventPage.safeParse(await response.json())
  if (!page.success) throw new ApiError('unreadable', 'The answer is not a page of events.', { cause: page.error })
  return page.data
}
