import type { OrgId } from '@tocsin/contract/ids'
import { bootstrap } from '@tocsin/domain/accounts/bootstrap'
import type { Foundation } from '@tocsin/journal/foundation'
import type { BootstrapEnv } from './env.ts'
import { keptSecret, newBootstrapKey, newPassword } from './secrets.ts'

/**
 * The first admin, org and API key, as far as they are missing. What the environment does not say is generated, and kept in the data
 * folder beside the secret key, so that every start can print it.
 */
export async function bootstrapOnce(options: {
  foundation: Foundation
  env: BootstrapEnv
  dataDir: string
}): Promise<{ orgId: OrgId; email: string; password: string; apiKey: string }> {
  const { env, dataDir } = options
  const email = env.BOOTSTRAP_ADMIN_EMAIL
  const password = env.BOOTSTRAP_ADMIN_PASSWORD ?? keptSecret(dataDir, 'first-password', newPassword)
  const apiKey = env.BOOTSTRAP_API_KEY ?? keptSecret(dataDir, 'first-api-key', newBootstrapKey)
  const { orgId } = await bootstrap(options.foundation, { email, password, apiKey, orgName: 'My organisation' })
  return { orgId, email, password, apiKey }
}
