import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { type Arrivals, createArrivals } from './arrivals.ts'

export type ReceivedMail = {
  /** The envelope: who the server was told it is from and for, whatever the headers say. */
  from: string
  to: string[]
  subject: string
  text: string
  html: string
  headerTo: string
  headers: ParsedMail['headers']
  /** Byte for byte, as signatures are about bytes. */
  raw: Buffer
}

export type MailBehaviour =
  | { kind: 'accept' }
  /** 4xx: try again later. 5xx: never. */
  | { kind: 'refuse'; at: 'recipient' | 'data'; code: number }
  | { kind: 'hang'; at: 'greeting' | 'data' }

export type MailSink = {
  url: string
  messages: readonly ReceivedMail[]
  received: Arrivals<ReceivedMail>['received']
  first: Arrivals<ReceivedMail>['first']
  behave: (behaviour: MailBehaviour) => void
  close: () => Promise<void>
}

/** A customer's mail server. */
export async function createMailSink(): Promise<MailSink> {
  const arrivals = createArrivals<ReceivedMail>()
  let behaviour: MailBehaviour = { kind: 'accept' }
  const refusesAt = (place: 'recipient' | 'data') =>
    behaviour.kind === 'refuse' && behaviour.at === place ? refusal(behaviour.code) : null
  const hangsAt = (place: 'greeting' | 'data') => behaviour.kind === 'hang' && behaviour.at === place
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100, // A hanging sender does not hold up `close`.
    onConnect: (_session, done) => hangsAt('greeting') || done(),
    onRcptTo: (_address, _session, done) => done(refusesAt('recipient')),
    async onData(stream, session, done) {
      // Who is killed in the middle of a mail has sent none.
      const raw = await buffer(stream).catch(() => null)
      if (raw === null) return
      const mail = await simpleParser(raw)
      if (hangsAt('data')) return
      const refused = refusesAt('data')
      if (refused) return done(refused)
      const { mailFrom, rcptTo } = session.envelope
      arrivals.add({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw, ...contentOf(mail) })
      done()
    },
  })
  server.on('error', () => undefined) // A sender that breaks off; what a test looks at is what arrived.
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('the sink does not listen on a port')
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    messages: arrivals.items,
    received: arrivals.received,
    first: arrivals.first,
    behave(next) {
      behaviour = next
    },
    close: () => new Promise((done) => server.close(() => done())),
  }
}

function contentOf(mail: ParsedMail): Omit<ReceivedMail, 'from' | 'to' | 'raw'> {
  return {
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
    headerTo: [mail.to ?? []]
      .flat()
      .map((group: AddressObject) => group.text)
      .join(', '),
    headers: mail.headers,
  }
}

function refusal(code: number): Error {
  return Object.assign(new Error('This mailbox refuses mail.'), { responseCode: code })
}
