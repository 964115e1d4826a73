import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { newId } from '@tocsin/contract/ids'
import { manageMessageType } from '@tocsin/domain/subscribers/messages'
import { createHandSetClock } from '@tocsin/process/clock'
import { createSecretBox } from '@tocsin/process/secret-box'
import { createMailSink, type MailSink } from '@tocsin/testkit/sinks/mail-sink'
import { verifyMail } from '@tocsin/testkit/sinks/verify-mail'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'
import { dkimOf } from '../dkim.ts'
import { claimedOf } from './channel.contract.ts'
import { createEmailChannel } from './email.ts'
import { createSubscriberParts } from './subscriber-part.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
const env = { DKIM_DOMAIN: 'status.example', DKIM_SELECTOR: 'tocsin', DKIM_PRIVATE_KEY: pem }

let sink: MailSink
beforeAll(async () => {
  sink = await createMailSink()
})
afterAll(() => sink.close())

async function sent(key: string): Promise<string> {
  const channel = createEmailChannel({
    smtpUrl: sink.url,
    from: 'Tocsin <news@status.example>',
    publicUrl: 'https://status.example',
    clock: createHandSetClock(new Date()),
    overridesOf: async () => new Map(),
    bounceAddress: 'bounces@status.example',
    dkim: dkimOf({ ...env, DKIM_PRIVATE_KEY: key }),
    subscriberPartOf: createSubscriberParts(
      createSecretBox('a secret that only tests may know, 32+', 'link'),
      'https://status.example',
    ),
  })
  const message = {
    seq: null,
    type: manageMessageType,
    at: '2026-03-02T09:00:00.000Z',
    data: { page: { slug: 'acme', name: 'Acme' } },
  }
  const delivery = claimedOf({ address: 'reader@example.com', receiverId: newId('subscriber'), message })
  const result = await channel.send(delivery, new AbortController().signal)
  expect(result.outcome).toBe('accepted')
  await channel.close()
  const mail = await sink.first(({ headers }) => headers.get('x-tocsin-delivery') === delivery.id)
  expect(mail.from).toBe(`bounces+${delivery.id}@status.example`)
  return mail.raw.toString('latin1')
}

describe('the signature of a mail', () => {
  test('is good, and covers the headers by which somebody leaves with one click', async () => {
    const raw = await sent(pem)
    const verified = await verifyMail(raw, { 'tocsin._domainkey.status.example': record })
    expect(verified).toMatchObject([{ result: 'pass', domain: 'status.example' }])
    expect(verified[0]?.signedHeaders).toEqual(
      expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post', 'from', 'subject']),
    )
    const other = raw.replace('List-Unsubscribe-Post: List-Unsubscribe=One-Click', 'List-Unsubscribe-Post: Something=Else')
    expect(other).not.toBe(raw)
    expect(await verifyMail(other, { 'tocsin._domainkey.status.example': record })).toMatchObject([{ result: 'fail' }])
  })

  test('is made with a key that stands in a file, or in one line', async () => {
    const path = join(temporaryFolder(), 'dkim.pem')
    writeFileSync(path, pem)
    for (const key of [path, pem.replaceAll('\n', '\\n')])
      expect(await verifyMail(await sent(key), { 'tocsin._domainkey.status.example': record })).toMatchObject([
        { result: 'pass' },
      ])
  })

  test.each([
    { what: 'half of it', env: { ...env, DKIM_SELECTOR: undefined } },
    { what: 'a key that is none', env: { ...env, DKIM_PRIVATE_KEY: '-----BEGIN PUBLIC KEY-----' } },
    { what: 'a file that is not there', env: { ...env, DKIM_PRIVATE_KEY: '/nowhere/dkim.pem' } },
  ])('$what is refused at the start, and the key is not repeated', ({ env }) => {
    expect(() => dkimOf(env)).toThrow(/DKIM_/)
  })

  test('nothing of it: mails are not signed', () => {
    expect(dkimOf({ DKIM_DOMAIN: undefined, DKIM_SELECTOR: undefined, DKIM_PRIVATE_KEY: undefined })).toBeNull()
  })
})
