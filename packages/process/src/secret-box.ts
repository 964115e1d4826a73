import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Keys for one purpose each, all derived from SECRET_KEY. */
export interface SecretBox {
  /** AES-256-GCM. `context` (such as the row's id) must be the same when opening: a sealed value cannot be moved to another row. */
  seal(plain: string, context: string): string
  open(sealed: string, context: string): string
  /** HMAC-SHA256, base64url. */
  mac(text: string): string
}

const ivBytes = 12
const tagBytes = 16

export function createSecretBox(secretKey: string, purpose: string): SecretBox {
  const key = deriveKey(secretKey, `seal:${purpose}`)
  const macKey = deriveKey(secretKey, `mac:${purpose}`)
  return {
    seal(plain, context) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8')
    },
    mac: (text) => createHmac('sha256', macKey).update(text).digest('base64url'),
  }
}

export function deriveKey(secretKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'tocsin', purpose, 32))
}
