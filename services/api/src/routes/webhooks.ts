import * as api from '@tocsin/contract/api/webhooks'
import { listDeliveries } from '@tocsin/domain/deliveries/deliveries.read'
import { recoverWebhook } from '@tocsin/domain/webhooks/recovery'
import { getRecovery } from '@tocsin/domain/webhooks/recovery.read'
import { createWebhook, deleteWebhook, rotateWebhookSecret, testWebhook, updateWebhook } from '@tocsin/domain/webhooks/webhooks'
import { getWebhook, listWebhooks } from '@tocsin/domain/webhooks/webhooks.read'
import type { SecretBox } from '@tocsin/process/secret-box'
import { change, list, type Route, read } from '../http/route.ts'
import type { TargetGuard } from '../http/target-guard.ts'

export const webhookRoutes = (deps: { guardTarget: TargetGuard; webhookBox: SecretBox }): Route[] => [
  list(api.listWebhooks, (sql, { query }) => listWebhooks(sql, query)),
  change(
    api.createWebhook,
    (change, { body }) => createWebhook(change, { input: body, box: deps.webhookBox }),
    ({ body }) => deps.guardTarget(body.url),
  ),
  read(api.getWebhook, (sql, { params }) => getWebhook(sql, params.webhookId)),
  change(
    api.updateWebhook,
    (change, { params, body, ifVersion }) =>
      updateWebhook(change, { webhookId: params.webhookId, changes: body, ifVersion, box: deps.webhookBox }),
    async ({ body }) => {
      if (body.url !== undefined) await deps.guardTarget(body.url)
    },
  ),
  change(api.deleteWebhook, (change, { params }) => deleteWebhook(change, params)),
  change(api.rotateWebhookSecret, (change, { params, body }) =>
    rotateWebhookSecret(change, { webhookId: params.webhookId, keepOldHours: body.keepOldHours, box: deps.webhookBox }),
  ),
  change(api.testWebhook, (change, { params }) => testWebhook(change, params)),
  change(api.recoverWebhook, (change, { params, body }) =>
    recoverWebhook(change, { webhookId: params.webhookId, since: new Date(body.since) }),
  ),
  read(api.getWebhookRecovery, async (sql, { params }) => {
    await getWebhook(sql, params.webhookId)
    return getRecovery(sql, params.webhookId)
  }),
  list(api.listWebhookDeliveries, async (sql, { params, query }) => {
    await getWebhook(sql, params.webhookId)
    return listDeliveries(sql, { ...query, webhookId: params.webhookId })
  }),
]
