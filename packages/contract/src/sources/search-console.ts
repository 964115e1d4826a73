import { z } from 'zod'
import { defineSource, requestsPerDay } from '../source.ts'

const privateKey = z
  .string()
  .trim()
  .max(8_000)
  .regex(/^-----BEGIN (RSA )?PRIVATE KEY-----[\s\S]+-----END (RSA )?PRIVATE KEY-----$/, 'Must be a private key in PEM form.')
  .meta({ example: '-----BEGIN PRIVATE KEY-----\nMIIE…\n-----END PRIVATE KEY-----' })
const opaque = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,2048}$/, 'Must not contain spaces.')

/** As in the key file of a service account, or as in the consent that a person gave to an OAuth client. */
const SearchConsoleCredentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('service_account'), clientEmail: z.email().max(320), privateKey }),
  z.strictObject({
    type: z.literal('oauth'),
    clientId: opaque.meta({ example: '1234.apps.googleusercontent.com' }),
    clientSecret: opaque.meta({ example: 'a-client-secret' }),
    refreshToken: opaque.meta({ example: '1//a-refresh-token' }),
  }),
])

/** A domain property, or an address with everything below it. */
const property = z
  .string()
  .trim()
  .max(2_048)
  .refine((text) => /^sc-domain:[a-z0-9.-]+$/i.test(text) || isAddress(text), 'Must be "sc-domain:example.com" or an address.')
  .meta({ example: 'sc-domain:example.com' })

function isAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && text.endsWith('/')
}

export const searchConsole = defineSource('search_console', {
  title: 'Google Search Console',
  doc: 'Clicks, impressions and positions by query and page as Google counted them, once a day when they are final and hourly before; and what Google says about the index state of the most important pages.',
  automatic: false,
  config: z.strictObject({
    property,
    requestsPerDay: requestsPerDay(3_000, 50_000),
    inspectionsPerDay: z
      .number()
      .int()
      .min(0)
      .max(2_000)
      .default(200)
      .meta({ description: 'Pages inspected a day, the most important first. Google allows 2,000 a day for a property.' }),
  }),
  credentials: SearchConsoleCredentials,
})
