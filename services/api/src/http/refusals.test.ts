import { describe, expect, test } from '@jest/globals'
import { Problem } from '@tocsin/contract/problem'
import { Refusal, refusalCodes } from '@tocsin/contract/refusal'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { problemOf } from './refusals.ts'

describe('what was thrown becomes a problem', () => {
  test.each(refusalCodes)('%s', (code) => {
    const { problem, fault } = problemOf(new Refusal(code, 'Because.', { issues: [{ path: 'a', message: 'b' }] }), 'req_1')
    expect(Problem.parse(problem)).toEqual(problem)
    expect(problem).toMatchObject({ code, detail: 'Because.', errors: [{ path: 'a', message: 'b' }], requestId: 'req_1' })
    expect(fault).toBe(false)
  })

  test.each([
    { error: new DatabaseUnavailable('connect ECONNREFUSED 10.0.0.1:5432'), status: 503 },
    { error: Object.assign(new Error('deadlock detected'), { code: '40P01' }), status: 503 },
    { error: Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' }), status: 503 },
    { error: Object.assign(new Error('null value in column "secret"'), { code: '23502' }), status: 500 },
    { error: new TypeError('x is not a function'), status: 500 },
    { error: 'thrown text', status: 500 },
    { error: undefined, status: 500 },
  ])('$error → $status, and nothing of its text is told', ({ error, status }) => {
    const { problem, fault } = problemOf(error, 'req_1')
    expect([problem.status, fault]).toEqual([status, true])
    if (error instanceof Error) expect(JSON.stringify(problem)).not.toContain(error.message)
  })
})
