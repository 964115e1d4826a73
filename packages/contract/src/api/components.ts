import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { ComponentGroupId, ComponentId, SiteId } from '../ids.ts'

/** From well to bad: of two that hold at once, the later one is shown. */
export const componentStatuses = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
] as const
export const ComponentStatus = z.enum(componentStatuses).meta({ id: 'ComponentStatus' })
export type ComponentStatus = z.infer<typeof ComponentStatus>

export const ComponentGroup = z
  .object({
    id: ComponentGroupId,
    name: z.string(),
    order: z.number().int(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: z.number().int().meta({ description: 'The ETag, for If-Match.' }),
  })
  .meta({ id: 'ComponentGroup' })
export type ComponentGroup = z.infer<typeof ComponentGroup>

export const Component = z
  .object({
    id: ComponentId,
    name: z.string(),
    description: z.string(),
    groupId: ComponentGroupId.nullable(),
    order: z.number().int().meta({ description: 'Within its group, lowest first.' }),
    status: ComponentStatus.meta({
      description: 'The worst of what was set, what open incidents say of it, and a maintenance that is under way.',
    }),
    statusSince: Timestamp,
    dependsOn: z.array(ComponentId).meta({ description: 'Components without which it cannot work.' }),
    siteId: SiteId.nullable().meta({ description: 'The site that it stands for.' }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: z.number().int().meta({ description: 'The ETag, for If-Match.' }),
  })
  .meta({ id: 'Component', description: 'Something that the status page lists.' })
export type Component = z.infer<typeof Component>

export const ComponentUptime = z
  .object({
    componentId: ComponentId,
    from: Timestamp,
    to: Timestamp,
    uptime: z.number().min(0).max(100).nullable().meta({
      description:
        'Percent, weighted by time and floored to three decimals: up ÷ (up + down). Partial and major outages are down; maintenance and the time before it was listed do not count. Null: nothing counts.',
    }),
    upSeconds: z.number(),
    downSeconds: z.number(),
    maintenanceSeconds: z.number(),
  })
  .meta({ id: 'ComponentUptime' })
export type ComponentUptime = z.infer<typeof ComponentUptime>

const order = z.number().int().min(0).max(100_000)
const name = z.string().trim().min(1).max(120)
const settings = {
  name,
  description: z.string().trim().max(1_000),
  groupId: ComponentGroupId.nullable(),
  order,
  status: ComponentStatus,
  dependsOn: z.array(ComponentId).max(50),
  siteId: SiteId.nullable(),
}

export const ComponentInput = z
  .strictObject({
    name: settings.name,
    description: settings.description.default(''),
    groupId: settings.groupId.optional().meta({ example: null }),
    order: settings.order.default(0),
    status: settings.status.default('operational'),
    dependsOn: settings.dependsOn.default([]).meta({ example: [] }),
    siteId: settings.siteId.optional().meta({ example: null }),
  })
  .meta({ id: 'ComponentInput' })
export type ComponentInput = z.infer<typeof ComponentInput>

export const ComponentChanges = z
  .strictObject({
    name: settings.name.optional(),
    description: settings.description.optional(),
    groupId: settings.groupId.optional().meta({ example: null }),
    order: settings.order.optional(),
    status: settings.status.optional().meta({
      description: 'What holds by itself; an open incident or a maintenance that says worse is what is shown.',
    }),
    dependsOn: settings.dependsOn.optional().meta({ example: [] }),
    siteId: settings.siteId.optional().meta({ example: null }),
  })
  .meta({ id: 'ComponentChanges' })
export type ComponentChanges = z.infer<typeof ComponentChanges>

const params = z.strictObject({ componentId: ComponentId })
const groupParams = z.strictObject({ componentGroupId: ComponentGroupId })

export const listComponents = defineEndpoint('listComponents', {
  method: 'get',
  path: '/v1/components',
  doc: 'What the status page lists, newest first.',
  needs: 'read',
  query: z.strictObject(pageQuery),
  answer: pageOf(Component),
})
export const createComponent = defineEndpoint('createComponent', {
  method: 'post',
  path: '/v1/components',
  doc: 'List a component on the status page.',
  needs: 'write',
  body: ComponentInput,
  answer: Component,
})
export const getComponent = defineEndpoint('getComponent', {
  method: 'get',
  path: '/v1/components/{componentId}',
  doc: 'One component.',
  needs: 'read',
  params,
  answer: Component,
})
export const getComponentUptime = defineEndpoint('getComponentUptime', {
  method: 'get',
  path: '/v1/components/{componentId}/uptime',
  doc: 'The uptime of a component over the last days, from the history of its status.',
  needs: 'read',
  params,
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(90) }),
  answer: ComponentUptime,
})
export const updateComponent = defineEndpoint('updateComponent', {
  method: 'patch',
  path: '/v1/components/{componentId}',
  doc: 'Change a component or set its status. If-Match is honoured.',
  needs: 'write',
  params,
  body: ComponentChanges,
  answer: Component,
})
export const deleteComponent = defineEndpoint('deleteComponent', {
  method: 'delete',
  path: '/v1/components/{componentId}',
  doc: 'Take a component from the status page, with its history.',
  needs: 'write',
  params,
  status: 204,
  answer: z.void(),
})
export const listComponentGroups = defineEndpoint('listComponentGroups', {
  method: 'get',
  path: '/v1/component-groups',
  doc: 'The groups of components, newest first.',
  needs: 'read',
  query: z.strictObject(pageQuery),
  answer: pageOf(ComponentGroup),
})
export const createComponentGroup = defineEndpoint('createComponentGroup', {
  method: 'post',
  path: '/v1/component-groups',
  doc: 'Add a group of components.',
  needs: 'write',
  body: z.strictObject({ name, order: order.default(0) }),
  answer: ComponentGroup,
})
export const updateComponentGroup = defineEndpoint('updateComponentGroup', {
  method: 'patch',
  path: '/v1/component-groups/{componentGroupId}',
  doc: 'Rename or move a group. If-Match is honoured.',
  needs: 'write',
  params: groupParams,
  body: z.strictObject({ name: name.optional(), order: order.optional() }),
  answer: ComponentGroup,
})
export const deleteComponentGroup = defineEndpoint('deleteComponentGroup', {
  method: 'delete',
  path: '/v1/component-groups/{componentGroupId}',
  doc: 'Delete a group; its components stay, in none.',
  needs: 'write',
  params: groupParams,
  status: 204,
  answer: z.void(),
})
