import { port } from '@tocsin/process/env'
import { z } from 'zod'

const limit = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback)

/** What only the gateway reads. Limits are per process. */
export const GatewayEnv = z.object({
  GATEWAY_PORT: port(4001),
  GATEWAY_STREAMS_PER_ORG: limit(20_000),
  /** Of one person or API key: some tabs on some machines. */
  GATEWAY_STREAMS_PER_USER: limit(100),
  /** An office behind one address has many people. */
  GATEWAY_STREAMS_PER_IP: limit(1_000),
  /** A connection lives between this and one and a half times this. */
  GATEWAY_LIFETIME_SECONDS: z.coerce.number().int().min(10).max(86_400).default(600),
  GATEWAY_HEARTBEAT_SECONDS: z.coerce.number().int().min(1).max(60).default(30),
  /** How long a request may take to arrive: a slow sender must not hold a socket for ever. */
  GATEWAY_REQUEST_SECONDS: z.coerce.number().int().min(1).max(60).default(10),
  /** How much of an org's recent past is kept ready to send. What is older is read from the journal. */
  GATEWAY_WINDOW_EVENTS: z.coerce.number().int().min(1).max(100_000).default(4_096),
  GATEWAY_WINDOW_BYTES: z.coerce.number().int().min(1_024).max(1_073_741_824).default(2_097_152),
  /** Web sites besides our own whose scripts may open streams, separated by commas. */
  GATEWAY_CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((origin) => origin !== ''))
    .pipe(z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin))),
  /** How many proxies in front of us append to X-Forwarded-For; with 0 the header is not believed. */
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
})
export type GatewayEnv = z.infer<typeof GatewayEnv>
