import { describe, expect, test } from '@jest/globals'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createTargetGuard } from './target-guard.ts'

const names: Record<string, string[]> = {
  'shop.example': ['93.184.215.14'],
  'inside.example': ['192.168.1.9'],
  'both.example': ['93.184.215.14', '127.0.0.1'],
}
const resolve = async (name: string) => {
  const addresses = names[name]
  if (!addresses) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' })
  return addresses.map((address) => ({ address, family: 4 }))
}

describe.each([
  { allowed: '', url: 'https://shop.example/', refusal: null },
  { allowed: '', url: 'https://inside.example/', refusal: 'private network' },
  { allowed: '192.168.0.0/16', url: 'https://inside.example/', refusal: null },
  { allowed: '', url: 'https://both.example/', refusal: 'private network' },
  { allowed: '', url: 'http://[::ffff:127.0.0.1]/', refusal: 'private network' },
  { allowed: '127.0.0.0/8', url: 'http://127.0.0.1:8080/', refusal: null },
  { allowed: '', url: 'https://nowhere.example/', refusal: 'cannot be found' },
  { allowed: '', url: 'https://me@shop.example/', refusal: 'user name' },
])('$url with "$allowed" allowed', ({ allowed, url, refusal }) => {
  test(refusal ?? 'is fine', async () => {
    const guard = createTargetGuard(parseCidrs(allowed), resolve)
    if (refusal === null) await expect(guard(url)).resolves.toBeUndefined()
    else await expect(guard(url)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(refusal) })
  })
})
