import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { detectorEnvironment, detectorNodeFlags } from './env.ts'

test('this Node knows every flag of a detector', () => {
  const { status, stderr } = spawnSync(process.execPath, [...detectorNodeFlags, '--eval', '0'], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

test('a container starts a detector as the fleet of processes does', () => {
  const compose = readFileSync(join(import.meta.dirname, '../../../docker-compose.yml'), 'utf8')
  expect(compose).toContain(`NODE_FLAGS: ${detectorNodeFlags.join(' ')}\n`)
  for (const [name, value] of Object.entries(detectorEnvironment)) expect(compose).toContain(`${name}: "${value}"\n`)
})
