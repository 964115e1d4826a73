import type { WebhookHeaders } from '@tocsin/contract/api/webhooks'
import type { SecretBox } from '@tocsin/process/secret-box'
import { z } from 'zod'

/** All values are sealed: which of them is a credential only its owner knows. Names are shown. */
export function sealHeaders(
  headers: WebhookHeaders,
  webhookId: string,
  box: SecretBox,
): { names: string[]; sealed: string | null } {
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  const names = lowered.map(([name]) => name).sort()
  if (names.length === 0) return { names, sealed: null }
  return { names, sealed: box.seal(JSON.stringify(Object.fromEntries(lowered)), contextOf(webhookId)) }
}

const Opened = z.record(z.string(), z.string())

export const openHeaders = (sealed: string, webhookId: string, box: SecretBox): Readonly<Record<string, string>> =>
  Opened.parse(JSON.parse(box.open(sealed, contextOf(webhookId))))

/** Not that of the endpoint's secret: neither can be put in the other's place. */
const contextOf = (webhookId: string): string => `${webhookId} headers`
