import { z } from 'zod'
import { type AskFault, askJson } from '../ask-json.ts'
import { serpAdapter } from '../serp/fetch-keywords.ts'
import { organicOf, type SerpAnswer, type SerpProvider } from '../serp/provider.ts'

/** https://serpapi.com: one GET a search. A cached answer would be the same measurement twice, so none is taken. */
const provider: SerpProvider = {
  devices: ['desktop', 'mobile'],
  search(deps, { apiKey, keyword, depth }, signal) {
    const query = new URLSearchParams({
      engine: 'google',
      q: keyword.phrase,
      gl: keyword.country.toLowerCase(),
      ...(keyword.language === '' ? {} : { hl: keyword.language }),
      device: keyword.device,
      num: String(depth),
      no_cache: 'true',
      api_key: apiKey,
    })
    return askJson(deps, `${deps.urls.SERPAPI_URL}/search.json?${query.toString()}`, { signal, timeoutMs }).then(read)
  },
}

const timeoutMs = 25_000
const Answer = z.object({
  search_metadata: z.object({ status: z.string() }).optional(),
  error: z.string().optional(),
  organic_results: z.unknown().optional(),
})

export const serpapi = serpAdapter('serpapi', provider)

function read(answered: Awaited<ReturnType<typeof askJson>>): SerpAnswer {
  if (!answered.ok)
    return answered.reason === 'bad_answer' ? { kind: 'failed', detail: answered.detail } : { kind: 'fault', fault: answered }
  const { status, body, retryAt } = answered
  const fault = (reason: AskFault['reason'], detail: string): SerpAnswer => ({
    kind: 'fault',
    fault: { ok: false, reason, detail, retryAt },
  })
  if (status === 401) return fault('credentials', 'The API key is not valid.')
  if (status === 403) return fault('forbidden', 'The account of the key may not search.')
  if (status === 429) return fault('quota', 'Too many searches in an hour, or the searches of the account are used up.')
  const { data: answer } = Answer.safeParse(body)
  // A search of its own can fail with 503 while the API is well, and says so.
  if (answer?.search_metadata?.status === 'Error') return { kind: 'failed', detail: 'The search failed.' }
  if (status >= 500) return fault('unavailable', `The API answered ${status}.`)
  if (status !== 200 || !answer) return { kind: 'failed', detail: `The API answered ${status}.` }
  const searched = answer.search_metadata?.status
  if (searched !== undefined && searched !== 'Success') return { kind: 'failed', detail: 'The search is not finished.' }
  if (answer.error !== undefined) return { kind: 'failed', detail: 'The search brought no results.' }
  return organicOf(answer.organic_results)
}
