import { z } from 'zod'
import { Component, ComponentGroup, ComponentStatus } from '../api/components.ts'
import { defineEvent } from '../event.ts'
import { ComponentGroupId, ComponentId } from '../ids.ts'

const component = z.object({ component: Component })
const componentGroup = z.object({ componentGroup: ComponentGroup })

export const componentCreated = defineEvent('component.created', { doc: 'A component is listed.', data: component })
export const componentUpdated = defineEvent('component.updated', {
  doc: 'A component was renamed, moved or linked anew.',
  data: component,
})
export const componentStatusChanged = defineEvent('component.status_changed', {
  doc: 'A component has another status than before.',
  data: z.object({
    componentId: ComponentId,
    name: z.string(),
    oldStatus: ComponentStatus,
    newStatus: ComponentStatus,
    component: Component,
  }),
})
export const componentDeleted = defineEvent('component.deleted', {
  doc: 'A component is no longer listed; whatever names it does so no longer.',
  data: z.object({ componentId: ComponentId }),
})
export const componentGroupCreated = defineEvent('component_group.created', {
  doc: 'A group of components was added.',
  data: componentGroup,
})
export const componentGroupUpdated = defineEvent('component_group.updated', {
  doc: 'A group of components was renamed or moved.',
  data: componentGroup,
})
export const componentGroupDeleted = defineEvent('component_group.deleted', {
  doc: 'A group is gone; its components are in none.',
  data: z.object({ componentGroupId: ComponentGroupId }),
})
