import { z } from 'zod'
import { type AskFault, askJson } from '../ask-json.ts'
import { serpAdapter } from '../serp/fetch-keywords.ts'
import { organicOf, type SerpAnswer, type SerpProvider } from '../serp/provider.ts'

/** https://serper.dev: one POST a search. It knows no mobile results. */
const provider: SerpProvider = {
  devices: ['desktop'],
  search(deps, { apiKey, keyword, depth }, signal) {
    const question = {
      q: keyword.phrase,
      gl: keyword.country.toLowerCase(),
      ...(keyword.language === '' ? {} : { hl: keyword.language }),
      num: depth,
    }
    const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' }
    const asked = askJson(deps, `${deps.urls.SERPER_URL}/search`, {
      method: 'POST',
      headers,
      body: JSON.stringify(question),
      signal,
      timeoutMs,
    })
    return asked.then(read)
  },
}

const timeoutMs = 20_000
const Answer = z.object({ organic: z.unknown() })
const Refused = z.object({ message: z.string() })

export const serper = serpAdapter('serper', provider)

function read(answered: Awaited<ReturnType<typeof askJson>>): SerpAnswer {
  if (!answered.ok)
    return answered.reason === 'bad_answer' ? { kind: 'failed', detail: answered.detail } : { kind: 'fault', fault: answered }
  const { status, body, retryAt } = answered
  const fault = (reason: AskFault['reason'], detail: string): SerpAnswer => ({
    kind: 'fault',
    fault: { ok: false, reason, detail, retryAt },
  })
  if (status === 200) return organicOf(Answer.safeParse(body).data?.organic)
  const refused = Refused.safeParse(body)
  const message = refused.success ? refused.data.message : ''
  if (status === 429 || /credits/i.test(message))
    return fault('quota', 'Too many requests, or the credits of the account are used up.')
  // An unknown key is answered with 403 too, and says so.
  if (status === 401 || /unauthorized/i.test(message)) return fault('credentials', 'The API key is not valid.')
  if (status === 403) return fault('forbidden', 'The account may not search.')
  if (status >= 500) return fault('unavailable', `The API answered ${status}.`)
  return { kind: 'failed', detail: `The API answered ${status}.` }
}
