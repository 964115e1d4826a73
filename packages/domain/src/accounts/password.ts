import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { Refusal } from '@tocsin/contract/refusal'

/** argon2id as OWASP advises: 19 MiB, two passes, one lane. About 40 ms of one core. */
const cost: Cost = { memoryKib: 19_456, passes: 2, parallelism: 1 }
const saltBytes = 16
const hashBytes = 32

/** Hashes run on threads that files and DNS need too: two at a time leave half of them, and 38 MiB is all they take. */
const atOnceMax = 2
/** Two seconds of work. Who comes later is told to come back: a flood of sign-ins must not eat the machine. */
const waitingMax = 100

interface Cost {
  memoryKib: number
  passes: number
  parallelism: number
}

export interface PasswordHasher {
  /** A PHC string, which carries its own salt and cost. */
  hash(password: string): Promise<string>
  /** Null: there is no such account. Takes as long as if there were, and answers false. */
  verify(password: string, stored: string | null): Promise<boolean>
}

export function createPasswordHasher(): PasswordHasher {
  const inTurn = createTurns()
  const derive = (password: string, salt: Buffer, at: Cost, bytes: number) => inTurn(() => argon2id(password, salt, at, bytes))
  return {
    async hash(password) {
      const salt = randomBytes(saltBytes)
      return toPhc(cost, salt, await derive(password, salt, cost, hashBytes))
    },
    async verify(password, stored) {
      if (stored === null) {
        await derive(password, randomBytes(saltBytes), cost, hashBytes)
        return false
      }
      const parts = fromPhc(stored)
      return timingSafeEqual(await derive(password, parts.salt, parts.cost, parts.hash.length), parts.hash)
    },
  }
}

function argon2id(password: string, salt: Buffer, at: Cost, tagLength: number): Promise<Buffer> {
  // The same letters typed on two keyboards may arrive composed or decomposed.
  const message = Buffer.from(password.normalize('NFKC'))
  const parameters = { message, nonce: salt, parallelism: at.parallelism, tagLength, memory: at.memoryKib, passes: at.passes }
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

function toPhc(at: Cost, salt: Buffer, hash: Buffer): string {
  return `$argon2id$v=19$m=${at.memoryKib},t=${at.passes},p=${at.parallelism}$${base64(salt)}$${base64(hash)}`
}

function fromPhc(text: string): { cost: Cost; salt: Buffer; hash: Buffer } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(text)
  if (!match) throw new Error('A stored password hash cannot be read.')
  const [, memoryKib, passes, parallelism, salt = '', hash = ''] = match
  return {
    cost: { memoryKib: Number(memoryKib), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  }
}

/** Lets a few run at once and a few more wait, in order. */
function createTurns() {
  const waiting: (() => void)[] = []
  let running = 0
  return async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax)
        throw new Refusal('limit_reached', 'Too many people are signing in at this moment.', { retryAfterSeconds: 2 })
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      // Whoever waits takes over this turn, so `running` stays as it is.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
