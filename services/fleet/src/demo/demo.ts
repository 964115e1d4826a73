import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import tls from 'node:tls'
import { system } from '@tocsin/contract/actor'
import { DestinationInput } from '@tocsin/contract/api/destinations'
import { SiteInput } from '@tocsin/contract/api/sites'
import { WebhookInput } from '@tocsin/contract/api/webhooks'
import type { OrgId } from '@tocsin/contract/ids'
import { updateAlertRule } from '@tocsin/domain/alert-rules/alert-rules'
import { listAlertRules } from '@tocsin/domain/alert-rules/alert-rules.read'
import { createDestination } from '@tocsin/domain/destinations/destinations'
import { updateOrg } from '@tocsin/domain/orgs/orgs'
import { createSite } from '@tocsin/domain/sites/sites'
import { createWebhook } from '@tocsin/domain/webhooks/webhooks'
import type { Journal } from '@tocsin/journal/change'
import { errorCode } from '@tocsin/process/error-code'
import type { SecretBox } from '@tocsin/process/secret-box'
import { MailDev } from 'maildev'
import { createDemoConsole } from './console.ts'
import { createDemoSite } from './demo-site.ts'
import { startDemoReceiver } from './receiver.ts'

/** Somebody who plays with switches wants to see each mail; the limit for real orgs is three a day. */
const dailyAlertLimit = 100

/** Fixed beside the fleet's own port, so that the demo org still finds its site after a restart. */
const portsAfter = { site: 10, secureSite: 14, receiver: 11, smtp: 12, mailbox: 13 }

/** From a fault to its threat, and from the repair to its end, within a minute. */
const demoConfirmation = { firstSeconds: 2, secondSeconds: 4, resolveSeconds: 3 }

/** A site to break, a webhook receiver and a mailbox, all on loopback. */
export async function startDemo(options: { port: number; dataDir: string }) {
  const at = (name: keyof typeof portsAfter) => options.port + portsAfter[name]
  const site = await createDemoSite({ port: at('site'), https: { port: at('secureSite') } })
  if (!site.https) throw new Error('The demo site has no https.')
  // The demo's own authority is trusted by this process only, so that a good certificate is good and a bad one bad.
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), site.https.ca])
  const watchedUrl = site.https.url
  const receiver = await startDemoReceiver(at('receiver'))
  const mailbox = new MailDev({
    smtp: at('smtp'),
    ip: '127.0.0.1',
    web: at('mailbox'),
    webIp: '127.0.0.1',
    maxEmails: 200,
    silent: true,
  })
  await mailbox.start()
  const mailboxUrl = `http://127.0.0.1:${at('mailbox')}/`
  const console = createDemoConsole({ site, siteUrl: watchedUrl, receiver, mailboxUrl })
  const secretFile = join(options.dataDir, 'demo-webhook-secret')

  return {
    console,
    siteUrl: watchedUrl,
    mailboxUrl,
    smtpUrl: `smtp://127.0.0.1:${at('smtp')}`,
    /** Once per data folder: the demo's site, webhook and mail destination. */
    async seed(journal: Journal, orgId: OrgId, box: SecretBox): Promise<void> {
      const known = readIfThere(secretFile)
      const secret =
        known ??
        (await journal.change(orgId, system('demo'), (change) =>
          seedOrg(change, { site: watchedUrl, receiver: receiver.url, box }),
        ))
      if (known === null) writeFileSync(secretFile, secret, { mode: 0o600 })
      receiver.trust(secret)
    },
    async stop(): Promise<void> {
      console.close()
      await mailbox.stop()
      await receiver.close()
      await site.close()
    },
  }
}

async function seedOrg(
  change: Parameters<typeof createSite>[0],
  urls: { site: string; receiver: string; box: SecretBox },
): Promise<string> {
  await updateOrg(change, { changes: { dailyAlertLimit, dailyCriticalReserve: dailyAlertLimit }, ifVersion: null })
  // Who watches a demo does not wait half a minute to be told.
  for (const { id } of (await listAlertRules(change.tx, { limit: 100 })).data)
    await updateAlertRule(change, { alertRuleId: id, changes: { groupWaitSeconds: 1, groupIntervalSeconds: 5 }, ifVersion: null })
  await createSite(change, SiteInput.parse({ name: 'Demo shop', url: urls.site, confirmation: demoConfirmation }))
  await createDestination(change, {
    input: DestinationInput.parse({ kind: 'email', address: 'you@demo.example', name: 'Demo mailbox', minimumSeverity: 'low' }),
    box: urls.box,
  })
  const webhook = await createWebhook(change, {
    input: WebhookInput.parse({ url: urls.receiver, description: 'Demo receiver', events: ['threat.*'] }),
    box: urls.box,
  })
  return webhook.secret
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}
