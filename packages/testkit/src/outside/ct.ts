import { type AnsweringServer, openAnswering } from './answering.ts'

export interface LoggedEntry {
  readonly issuer: string
  readonly names: readonly string[]
  readonly notBefore: string
}

export interface CtServer extends AnsweringServer {
  log(entry: LoggedEntry): void
}

/** The search of crt.sh: an entry for each certificate and each promise of one, names in lines, times without a zone. */
export async function createCtServer(): Promise<CtServer> {
  const entries: LoggedEntry[] = []
  const server = await openAnswering(
    (url) => {
      const domain = url.searchParams.get('q') ?? ''
      if (url.searchParams.get('output') !== 'json') return { status: 200, body: 'Only JSON is spoken here.' }
      const found = entries.filter(({ names }) => names.some((name) => name === domain || name.endsWith(`.${domain}`)))
      return { status: 200, body: found.flatMap((entry, n) => [entryOf(entry, n, 0), entryOf(entry, n, 1)]) }
    },
    [{ id: 1, issuer_name: 'C=US, O=Acme' }],
  )
  return { ...server, log: (entry) => void entries.push(entry) }
}

const entryOf = ({ issuer, names, notBefore }: LoggedEntry, n: number, twin: number) => ({
  issuer_ca_id: 16_418,
  issuer_name: issuer,
  common_name: names[0] ?? null,
  name_value: names.join('\n'),
  id: 10_000 + n * 2 + twin,
  entry_timestamp: notBefore,
  not_before: notBefore,
  not_after: notBefore,
  serial_number: `04${String(n).padStart(6, '0')}`,
  result_count: names.length + 1,
})
