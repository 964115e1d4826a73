import { expect, test } from '@jest/globals'
import { within } from './executions.ts'

const never = new AbortController().signal
const hung = () => new Promise<never>(() => {})

test('work that never returns is ended, and told so', async () => {
  let told: AbortSignal | undefined
  const work = (signal: AbortSignal) => {
    told = signal
    return hung()
  }
  await expect(within(20, never, work)).rejects.toThrow('It took longer than 0 seconds and was ended.')
  expect(told?.aborted).toBe(true)
})

test('work that is stopped from outside ends at once, also when it does not listen', async () => {
  const stopping = new AbortController()
  const ended = within(60_000, stopping.signal, hung)
  stopping.abort(new Error('Stopped.'))
  await expect(ended).rejects.toThrow('Stopped.')
})

test('work in time is its result', async () => {
  expect(await within(60_000, never, async () => 'done')).toBe('done')
})
