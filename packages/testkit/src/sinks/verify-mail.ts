import { dkimVerify } from 'mailauth'

export interface VerifiedSignature {
  readonly result: string
  readonly domain: string
  /** In lower case. */
  readonly signedHeaders: readonly string[]
}

/** What another implementation says of a mail's signatures. `records` is all the DNS there is. */
export async function verifyMail(raw: string, records: Readonly<Record<string, string>>): Promise<VerifiedSignature[]> {
  const { results } = await dkimVerify(Buffer.from(raw, 'latin1'), {
    async resolver(name, type) {
      const record = type === 'TXT' ? records[name] : undefined
      if (record === undefined) throw Object.assign(new Error(`No such name: ${name}`), { code: 'ENOTFOUND' })
      return [[record]]
    },
  })
  return results.map(({ status, signingDomain, signingHeaders }) => ({
    result: status.result,
    domain: signingDomain ?? '',
    signedHeaders: (signingHeaders?.keys ?? '').toLowerCase().split(/:\s*/),
  }))
}
