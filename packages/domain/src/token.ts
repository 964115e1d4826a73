import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits for a cookie or a link. Only its hash is stored. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What is stored of a secret that is random itself: reading the table gives nobody a way in, and no slow hash is needed. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
