import type { Source, SourceFault } from '@tocsin/contract/api/sources'

/** What is wrong, and what a person can do about it. */
export const faultWords = {
  credentials: 'The credentials are refused. Put in new ones.',
  forbidden: 'The credentials are good, but not for this. Give their account access, or name something it may read.',
  quota: 'The provider, or the budget, allows no more for now. It goes on by itself; a larger budget may help.',
  unavailable: 'There was no answer. It is tried again by itself.',
  bad_answer: 'The answer could not be read. It is tried again by itself.',
  not_found: 'The provider does not know what was asked for. See whether the name is right.',
} satisfies Record<SourceFault, string>

export const stateChips = {
  active: { tone: 'good', label: 'Connected' },
  paused: { tone: 'off', label: 'Paused' },
  failing: { tone: 'bad', label: 'Failing' },
} satisfies Record<Source['state'], { tone: string; label: string }>

/** Of today, in UTC, as budgets are counted. */
export function quotaText({ day, used, limit }: Source['quota'], today: string): string {
  const spent = day === today ? used : 0
  return `${spent.toLocaleString('en')} of ${limit.toLocaleString('en')} requests used today`
}

export type Reading = { ok: true; value: { clientEmail: string; privateKey: string } } | { ok: false; message: string }

/** The file that Google gives for a service account. */
export function readKeyFile(text: string): Reading {
  try {
    const file: unknown = JSON.parse(text)
    const { client_email: clientEmail, private_key: privateKey } = Object(file) as Record<string, unknown> // Whatever it is, it has some properties or none.
    if (typeof clientEmail === 'string' && typeof privateKey === 'string') return { ok: true, value: { clientEmail, privateKey } }
    return {
      ok: false,
      message: 'This is JSON, but not the key file of a service account: client_email and private_key are missing.',
    }
  } catch {
    return { ok: false, message: 'This is not the JSON of a key file. Paste the whole file, from { to }.' }
  }
}
