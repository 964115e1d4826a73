import { type LoggedCertificate, recordCertificates } from '@tocsin/domain/certificates/certificates'
import { registrableDomain } from '@tocsin/domain/registrable-domain'
import { z } from 'zod'
import { askJson } from '../ask-json.ts'
import type { Connection, Fetched, SourceAdapter, SourceDeps, Tested } from '../source.ts'

type Mine = Connection<'ct'>

const sixHours = 6 * 3_600
/** The logs' search is slow, and a large domain has thousands of certificates. */
const timeoutMs = 60_000
const maxBytes = 16 * 1024 * 1024
const certificatesMax = 2_000
const namesMax = 100

/** One entry of a log. A certificate and the promise of one have the same serial number. */
const Entry = z.object({
  issuer_name: z.string(),
  common_name: z.string().nullish(),
  name_value: z.string(),
  not_before: z.string(),
  serial_number: z.string().min(1).max(100),
})

export const ct: SourceAdapter<'ct'> = { kind: 'ct', agent: 'security', everySeconds: sixHours, fetch, test }

async function fetch(deps: SourceDeps, connection: Mine, signal: AbortSignal): Promise<Fetched> {
  const asked = await ask(deps, connection, signal)
  if (!asked.ok) return asked
  const { siteId } = connection
  const { certificates } = asked
  return {
    ok: true,
    record: (change) => recordCertificates(change, { siteId, certificates }),
    state: {},
    nextAt: null,
    requestsUsed: 1,
  }
}

async function test(deps: SourceDeps, connection: Mine, signal: AbortSignal): Promise<Tested> {
  const asked = await ask(deps, connection, signal)
  if (!asked.ok) return asked
  return { ok: true, detail: `The logs show ${asked.certificates.length} certificates of ${asked.domain}.`, requestsUsed: 1 }
}

type Asked =
  | { readonly ok: true; readonly domain: string; readonly certificates: LoggedCertificate[] }
  | (Fetched & { readonly ok: false })

async function ask(deps: SourceDeps, { siteUrl }: Mine, signal: AbortSignal): Promise<Asked> {
  const fault = (reason: (Fetched & { ok: false })['reason'], detail: string, retryAt: Date | null = null) =>
    ({ ok: false, reason, detail, retryAt, requestsUsed: 1 }) as const
  const domain = registrableDomain(siteUrl)
  if (domain === null) return { ...fault('not_found', 'The site has no domain that could be registered.'), requestsUsed: 0 }
  const url = `${deps.urls.CT_URL}/?q=${encodeURIComponent(domain)}&output=json&exclude=expired&deduplicate=Y`
  const answer = await askJson(deps, url, { signal, timeoutMs, maxBytes })
  if (!answer.ok) return { ...answer, requestsUsed: 1 }
  const { status, body, retryAt } = answer
  if (status === 429) return fault('quota', 'The search of the logs is asked too often.', retryAt)
  if (status !== 200)
    return fault(status >= 500 ? 'unavailable' : 'bad_answer', `The search of the logs answered ${status}.`, retryAt)
  if (!Array.isArray(body)) return fault('bad_answer', 'Not an answer about certificates.')
  const entries = body.flatMap((each) => certificateOf(each, domain) ?? [])
  // A log may hold what nobody can read; if it holds nothing else, the answer is none.
  if (body.length > 0 && entries.length === 0) return fault('bad_answer', 'No certificate could be read.')
  const newest = entries.sort((a, b) => b.notBefore.getTime() - a.notBefore.getTime()).slice(0, certificatesMax)
  return { ok: true, domain, certificates: newest }
}

function certificateOf(entry: unknown, domain: string): LoggedCertificate | null {
  const parsed = Entry.safeParse(entry)
  if (!parsed.success) return null
  const { issuer_name, name_value, not_before, serial_number } = parsed.data
  const notBefore = new Date(/(?:z|[+-]\d{2}:?\d{2})$/i.test(not_before) ? not_before : `${not_before}Z`)
  const names = [...new Set(name_value.toLowerCase().split(/\s+/))].filter(
    (name) => name === domain || name.endsWith(`.${domain}`),
  )
  if (Number.isNaN(notBefore.getTime()) || names.length === 0) return null
  return { serial: serial_number.toLowerCase(), issuer: issuerOf(issuer_name), names: names.sort().slice(0, namesMax), notBefore }
}

/** Who issued it: the organisation, or the name where none is given. `C=US, O="Acme, Inc.", CN=R3` is Acme, Inc. */
export function issuerOf(name: string): string {
  const part = (key: string) => new RegExp(`(?:^|,\\s?)${key}=(?:"([^"]{1,200})"|([^,]{1,200}))`, 'i').exec(name)
  const found = part('O') ?? part('CN')
  return (found?.[1] ?? found?.[2] ?? name).trim().slice(0, 200)
}
