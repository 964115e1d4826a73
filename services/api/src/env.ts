import { areCidrs } from '@tocsin/outbound/guarded-address'
import { port } from '@tocsin/process/env'
import { z } from 'zod'

/** What only the api reads. Rates are per minute and per process. */
export const ApiEnv = z.object({
  PORT: port(4000),
  /** The built dashboard. Absent: there is none to serve. */
  DASHBOARD_DIR: z.string().optional(),
  /** Where browsers and programs reach the stream, if not under PUBLIC_URL. */
  STREAM_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** How many proxies in front of us append to X-Forwarded-For; with 0 the header is not believed. */
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  /** Of one API key or person. */
  API_REQUESTS_PER_MINUTE: z.coerce.number().int().min(10).max(1_000_000).default(3_000),
  /** Of one address without a valid credential. */
  API_ANONYMOUS_REQUESTS_PER_MINUTE: z.coerce.number().int().min(10).max(1_000_000).default(300),
  /** Sign-ins and sign-ups from one address. */
  API_SIGN_INS_PER_MINUTE: z.coerce.number().int().min(1).max(100_000).default(60),
  /** Test messages and redeliveries of one org: what is sent because somebody asked for it. */
  API_SENDS_PER_MINUTE: z.coerce.number().int().min(1).max(100_000).default(60),
  /** Subscriptions to status pages from one network address, and for one receiver. */
  API_SUBSCRIPTIONS_PER_MINUTE: z.coerce.number().int().min(1).max(100_000).default(10),
  /** Lets the mail server or mail provider of the installation tell of mails that came back. Absent: API keys only. */
  BOUNCE_SECRET: z
    .string()
    .regex(/^[!-~]{16,500}$/, 'Must be 16 characters or more, without spaces.')
    .optional(),
  /** Reports of what visitors measure: from one address (a household, an office), and for one site. */
  API_VITALS_PER_ADDRESS_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(300),
  API_VITALS_PER_SITE_PER_MINUTE: z.coerce.number().int().min(1).max(10_000_000).default(12_000),
  /** Web sites whose scripts may call the API with a key of their own, separated by commas. */
  API_CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((origin) => origin !== ''))
    .pipe(z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin))),
  /** Private networks that may be watched and notified. */
  ALLOW_TARGET_CIDRS: z.string().refine(areCidrs, 'Must be networks in CIDR notation, separated by commas.').default(''),
})
export type ApiEnv = z.infer<typeof ApiEnv>
