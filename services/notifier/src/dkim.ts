import { readFileSync } from 'node:fs'
import { EnvironmentError } from '@tocsin/process/env'
import type { NotifierEnv } from './env.ts'

export interface DkimOptions {
  readonly domainName: string
  readonly keySelector: string
  readonly privateKey: string
  readonly headerFieldNames: string
}

/**
 * The library's own list leaves out the two by which somebody leaves with one click: mail providers offer the button only where they are
 * signed. A name that is not in a mail is signed as absent, so that nobody adds it on the way.
 */
const signedHeaders = [
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'References',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
].join(':')

/** All three are given, or none. The key is the PEM itself, with its line ends or with `\n` for them, or the file that holds it. */
export function dkimOf(env: Pick<NotifierEnv, 'DKIM_DOMAIN' | 'DKIM_SELECTOR' | 'DKIM_PRIVATE_KEY'>): DkimOptions | null {
  const { DKIM_DOMAIN: domainName, DKIM_SELECTOR: keySelector, DKIM_PRIVATE_KEY: key } = env
  if (domainName === undefined && keySelector === undefined && key === undefined) return null
  if (domainName === undefined || keySelector === undefined || key === undefined)
    throw new EnvironmentError('The environment is not complete:\n  DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY: all or none.')
  return { domainName, keySelector, privateKey: pemOf(key), headerFieldNames: signedHeaders }
}

function pemOf(key: string): string {
  const pem = key.includes('-----BEGIN') ? key.replaceAll('\\n', '\n') : readKey(key)
  if (!/-----BEGIN (RSA )?PRIVATE KEY-----/.test(pem))
    throw new EnvironmentError('The environment is not complete:\n  DKIM_PRIVATE_KEY: is no private key in PEM.')
  return pem
}

function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new EnvironmentError('The environment is not complete:\n  DKIM_PRIVATE_KEY: the file cannot be read.', { cause: error })
  }
}
