import { expect, test } from '@jest/globals'
import { combine, type Service } from './service.ts'

const recorded = (log: string[], name: string, fails = false): Service => ({
  name,
  async start() {
    if (fails) throw new Error(`${name} cannot start`)
    log.push(`start ${name}`)
  },
  async stop() {
    log.push(`stop ${name}`)
  },
})

test('parts start in order and stop in reverse, once', async () => {
  const log: string[] = []
  const whole = combine('whole', [recorded(log, 'a'), recorded(log, 'b')])
  await whole.start()
  await whole.stop()
  await whole.stop()
  expect(log).toEqual(['start a', 'start b', 'stop b', 'stop a'])
})

test('when one cannot start, those before it are stopped and the reason is told', async () => {
  const log: string[] = []
  const whole = combine('whole', [recorded(log, 'a'), recorded(log, 'b', true), recorded(log, 'c')])
  await expect(whole.start()).rejects.toThrow('b cannot start')
  expect(log).toEqual(['start a', 'stop b', 'stop a'])
})
