import type { Actor } from '@tocsin/contract/actor'
import type { EndpointDefinition } from '@tocsin/contract/endpoint'
import type { OrgId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import type { Person } from '@tocsin/domain/members/authenticate'
import type { Scope4 } from '@tocsin/domain/members/members'
import type { Page } from '@tocsin/domain/page'
import type { Change } from '@tocsin/journal/change'
import { readState } from '@tocsin/journal/read'
import type { z } from 'zod'
import type { ReadBody } from './read-body.ts'

/** What the contract lets through: checked, defaults filled in. */
export interface Input<E extends EndpointDefinition = EndpointDefinition> {
  readonly params: z.output<E['params']>
  readonly query: z.output<E['query']>
  readonly body: z.output<NonNullable<E['body']>>
  /** Where the entries of a body of CSV stood, so that a refusal can say so; null for JSON. */
  readonly csv: ReadBody['csv']
}

/** A request of a credential that may make it, in one org. */
export interface OrgCall extends Input {
  readonly orgId: OrgId
  readonly actor: Actor
  readonly scope: Scope4
  /** Of a realtime token: the patterns of the events it may read. */
  readonly events?: readonly string[] | undefined
  /** Null: an API key. */
  readonly person: Person | null
  /** Of If-Match; null without. */
  readonly ifVersion: number | null
  /** Where the caller reached us, or PUBLIC_URL: `https://tocsin.example`. */
  readonly origin: string
  /** The page that made the request is not one of ours. */
  readonly crossSite: boolean
  /** Aborted when the caller has gone. */
  readonly gone: AbortSignal
  read<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>
  change<Result>(work: (change: Change) => Promise<Result>): Promise<Result>
}

/** A request of anybody, before or while they sign in. */
export interface OpenCall extends Input {
  readonly session: SessionDoor
}

/** A request of somebody who is signed in, in whichever orgs. */
export interface PersonCall extends OpenCall {
  readonly person: Person
  readonly sessionToken: string
  readonly idempotencyKey: string | null
  change<Result>(orgId: OrgId, work: (change: Change) => Promise<Result>): Promise<Result>
}

export interface SessionDoor {
  begin(token: string): void
  end(): void
  csrfToken(token: string): string
}

/** How one endpoint is answered. The kind says what the pipeline hands over, and nothing else can be reached. */
export type Route = { readonly endpoint: EndpointDefinition } & (
  | { readonly kind: 'open'; answer(call: OpenCall): Promise<unknown> }
  | { readonly kind: 'person'; answer(call: PersonCall): Promise<unknown> }
  | {
      readonly kind: 'org'
      answer(call: OrgCall): Promise<unknown>
      /** For whoever asks for CSV: all items, in pieces. */
      rows?(call: OrgCall): AsyncIterable<readonly object[]>
    }
)

type With<Call extends Input, E extends EndpointDefinition> = Omit<Call, keyof Input> & Input<E>
type AnswerOf<E extends EndpointDefinition> = Promise<z.input<E['answer']>>

/** The pipeline has parsed the input with this very endpoint, so it has the endpoint's types. The one place that says so. */
const typed = <E extends EndpointDefinition, Call extends Input>(_endpoint: E, call: Call) => call as With<Call, E>

export function open<E extends EndpointDefinition>(endpoint: E, answer: (call: With<OpenCall, E>) => AnswerOf<E>): Route {
  return { endpoint, kind: 'open', answer: (call) => answer(typed(endpoint, call)) }
}

export function person<E extends EndpointDefinition>(endpoint: E, answer: (call: With<PersonCall, E>) => AnswerOf<E>): Route {
  return { endpoint, kind: 'person', answer: (call) => answer(typed(endpoint, call)) }
}

export function org<E extends EndpointDefinition>(endpoint: E, answer: (call: With<OrgCall, E>) => AnswerOf<E>): Route {
  return { endpoint, kind: 'org', answer: (call) => answer(typed(endpoint, call)) }
}

/** Of an endpoint that needs a member, who the pipeline has let through. */
export function memberOf({ person }: Pick<OrgCall, 'person'>): Person['userId'] {
  if (!person) throw new Error('An endpoint about a person was called without one.')
  return person.userId
}

/** Endpoint → query. */
export function read<E extends EndpointDefinition>(endpoint: E, query: (sql: Sql, call: With<OrgCall, E>) => AnswerOf<E>): Route {
  return { endpoint, kind: 'org', answer: (call) => call.read((sql) => query(sql, typed(endpoint, call))) }
}

type ItemOf<E extends EndpointDefinition> = z.input<E['answer']> extends { data: (infer Item)[]; asOf: number } ? Item : never

/** Endpoint → a page of a list, and the seq of the very snapshot it was read from. */
export function list<E extends EndpointDefinition>(
  endpoint: E,
  query: (sql: Sql, call: With<OrgCall, E>) => Promise<Page<ItemOf<E>>>,
): Route {
  const answer = (call: OrgCall) =>
    call.read(async (sql) => ({
      ...(await query(sql, typed(endpoint, call))),
      asOf: (await readState(sql, call.orgId)).head,
    }))
  return { endpoint, kind: 'org', answer }
}

/** Rows that one answer of CSV holds, and those that one query reads. */
const csvRowsMax = 20_000
const csvRowsPerQuery = 2_000

/** As `list`, and as CSV from the first item to the last. Each piece is a query of its own, so that a slow reader keeps no transaction open. */
export function listOrCsv<E extends EndpointDefinition>(
  endpoint: E,
  query: (
    sql: Sql,
    call: With<OrgCall, E>,
    page: { cursor: string | undefined; limit: number },
  ) => Promise<Page<ItemOf<E> & object>>,
): Route {
  const asked = ({ query: { cursor, limit } }: Input) => ({
    cursor: typeof cursor === 'string' ? cursor : undefined,
    limit: Number(limit),
  })
  const answer = (call: OrgCall) =>
    call.read(async (sql) => ({
      ...(await query(sql, typed(endpoint, call), asked(call))),
      asOf: (await readState(sql, call.orgId)).head,
    }))
  async function* rows(call: OrgCall) {
    let { cursor } = asked(call)
    for (let count = 0; count < csvRowsMax; count += csvRowsPerQuery) {
      const page = { cursor, limit: csvRowsPerQuery }
      const { data, nextCursor } = await call.read((sql) => query(sql, typed(endpoint, call), page))
      yield data
      if (nextCursor === null || call.gone.aborted) return
      cursor = nextCursor
    }
  }
  return { endpoint, kind: 'org', answer, rows }
}

/** Endpoint → verb. `before` is what cannot be asked inside a transaction: a name server, say. */
export function change<E extends EndpointDefinition>(
  endpoint: E,
  verb: (change: Change, call: With<OrgCall, E>) => AnswerOf<E>,
  before: (call: With<OrgCall, E>) => Promise<void> = async () => {},
): Route {
  const answer = async (call: OrgCall) => {
    await before(typed(endpoint, call))
    return call.change((opened) => verb(opened, typed(endpoint, call)))
  }
  return { endpoint, kind: 'org', answer }
}
