import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '@tocsin/process/error-code'

/** A secret of this installation, made once and kept in the data folder, readable by its owner only. */
export function keptSecret(dataDir: string, name: string, make: () => string): string {
  mkdirSync(dataDir, { recursive: true })
  const file = join(dataDir, name)
  try {
    writeFileSync(file, make(), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8').trim()
}

export const newSecretKey = (): string => randomBytes(32).toString('base64')
export const newPassword = (): string => randomBytes(12).toString('base64url')
export const newBootstrapKey = (): string => `tcn_${randomBytes(24).toString('base64url')}`
