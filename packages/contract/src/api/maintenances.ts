import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { ComponentId, MaintenanceId, SiteId } from '../ids.ts'

/** scheduled → in_progress → verifying → completed; cancelled before it is completed. It starts and ends by itself. */
export const MaintenanceStatus = z
  .enum(['scheduled', 'in_progress', 'verifying', 'completed', 'cancelled'])
  .meta({ id: 'MaintenanceStatus' })
export type MaintenanceStatus = z.infer<typeof MaintenanceStatus>

export const Maintenance = z
  .object({
    id: MaintenanceId,
    title: z.string(),
    description: z.string().meta({ description: 'Markdown.' }),
    status: MaintenanceStatus,
    startsAt: Timestamp,
    endsAt: Timestamp,
    remindMinutes: z.number().int().meta({ description: 'How long before it begins subscribers are reminded; 0: they are not.' }),
    components: z.array(z.object({ componentId: ComponentId, name: z.string() })),
    siteIds: z.array(SiteId).meta({ description: 'Alerts about these are muted while it lasts.' }),
    notify: z.boolean(),
    startedAt: Timestamp.nullable(),
    completedAt: Timestamp.nullable().meta({ description: 'When it was completed or cancelled.' }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: z.number().int().meta({ description: 'The ETag, for If-Match.' }),
  })
  .meta({ id: 'Maintenance' })
export type Maintenance = z.infer<typeof Maintenance>

const settings = {
  title: z.string().trim().min(1).max(200),
  description: z.string().trim().max(5_000),
  startsAt: Timestamp,
  endsAt: Timestamp,
  remindMinutes: z
    .number()
    .int()
    .min(0)
    .max(14 * 24 * 60),
  componentIds: z.array(ComponentId).max(100).meta({ example: [] }),
  siteIds: z.array(SiteId).max(100).meta({ example: [] }),
  notify: z.boolean().meta({ description: 'Tell the subscribers of the status page.' }),
}

export const MaintenanceInput = z
  .strictObject({
    title: settings.title,
    description: settings.description.default(''),
    startsAt: settings.startsAt.meta({ description: 'In the past: it begins at once.' }),
    endsAt: settings.endsAt.meta({ example: '2099-03-01T12:00:00.000Z' }),
    remindMinutes: settings.remindMinutes.default(60),
    componentIds: settings.componentIds.default([]),
    siteIds: settings.siteIds.default([]),
    notify: settings.notify.default(true),
  })
  .meta({ id: 'MaintenanceInput' })
export type MaintenanceInput = z.infer<typeof MaintenanceInput>

export const MaintenanceChanges = z
  .strictObject({
    title: settings.title.optional(),
    description: settings.description.optional(),
    startsAt: settings.startsAt.optional().meta({ description: 'Only as long as it has not begun.' }),
    endsAt: settings.endsAt.optional().meta({ example: '2099-03-01T12:00:00.000Z' }),
    remindMinutes: settings.remindMinutes.optional(),
    componentIds: settings.componentIds.optional(),
    siteIds: settings.siteIds.optional(),
    notify: settings.notify.optional(),
  })
  .meta({ id: 'MaintenanceChanges' })
export type MaintenanceChanges = z.infer<typeof MaintenanceChanges>

const params = z.strictObject({ maintenanceId: MaintenanceId })
const step = <Id extends string>(id: Id, word: string, doc: string) =>
  defineEndpoint(id, {
    method: 'post',
    path: `/v1/maintenances/{maintenanceId}/${word}`,
    doc,
    needs: 'write',
    params,
    status: 200,
    answer: Maintenance,
  })

export const listMaintenances = defineEndpoint('listMaintenances', {
  method: 'get',
  path: '/v1/maintenances',
  doc: 'Maintenance windows, newest first.',
  needs: 'read',
  query: z.strictObject({ ...pageQuery, status: MaintenanceStatus.optional() }),
  answer: pageOf(Maintenance),
})
export const scheduleMaintenance = defineEndpoint('scheduleMaintenance', {
  method: 'post',
  path: '/v1/maintenances',
  doc: 'Schedule a maintenance. It begins and ends by itself, its components are shown as under maintenance, and alerts about them are muted.',
  needs: 'write',
  body: MaintenanceInput,
  answer: Maintenance,
})
export const getMaintenance = defineEndpoint('getMaintenance', {
  method: 'get',
  path: '/v1/maintenances/{maintenanceId}',
  doc: 'One maintenance.',
  needs: 'read',
  params,
  answer: Maintenance,
})
export const updateMaintenance = defineEndpoint('updateMaintenance', {
  method: 'patch',
  path: '/v1/maintenances/{maintenanceId}',
  doc: 'Change a maintenance that has not ended. If-Match is honoured.',
  needs: 'write',
  params,
  body: MaintenanceChanges,
  answer: Maintenance,
})
export const startMaintenance = step('startMaintenance', 'start', 'Begin a scheduled maintenance now.')
export const verifyMaintenance = step(
  'verifyMaintenance',
  'verify',
  'The work is done and is being looked at; it is completed when its time is over at the latest.',
)
export const completeMaintenance = step('completeMaintenance', 'complete', 'End a maintenance now.')
export const cancelMaintenance = step('cancelMaintenance', 'cancel', 'Call a maintenance off.')
