import { z } from 'zod'
import { defineEvent } from '../event.ts'
import { AlertRuleId, NotificationId, UserId } from '../ids.ts'

/** Everybody of the org hears these, so they say that there is something in a person's feed, never what. */
const feed = z.object({
  userId: UserId,
  notificationIds: z.array(NotificationId).max(100).meta({ description: 'The first of them.' }),
  unread: z.number().int(),
})

export const notificationCreated = defineEvent('notification.created', {
  doc: 'There is something new in a person’s feed. Endpoints get notification.* only when they ask for it by name.',
  data: feed,
})
export const notificationRead = defineEvent('notification.read', {
  doc: 'A person has read something of their feed, here or elsewhere.',
  data: feed,
})
export const preferenceChanged = defineEvent('preference.changed', {
  doc: 'Somebody said anew what they want to hear, or when. Without a user: the org.',
  data: z.object({ userId: UserId.nullable(), alertRuleId: AlertRuleId.nullable(), about: z.enum(['settings', 'schedule']) }),
})
export const sessionCreated = defineEvent('session.created', {
  doc: 'A member signed in. It is told in the org that they joined first.',
  data: z.object({ userId: UserId }),
})
export const passwordChanged = defineEvent('account.password_changed', {
  doc: 'A member changed their password. It is told in the org that they joined first.',
  data: z.object({ userId: UserId }),
})
