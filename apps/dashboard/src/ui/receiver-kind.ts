import type { DestinationKind } from '@tocsin/contract/api/destinations'
import { channels } from '@tocsin/contract/channels/catalog'
import type { IconName } from './icon.tsx'

/** What a way to reach people is called. */
export const kindTitle = (kind: DestinationKind): string => (kind === 'email' ? 'E-mail' : channels[kind].title)

/** By how it reaches them: a letter, a talk, a push, a pager, a phone. */
export const kindIcons = {
  email: 'mail',
  slack: 'chat',
  discord: 'chat',
  teams: 'chat',
  telegram: 'chat',
  google_chat: 'chat',
  mattermost: 'chat',
  rocketchat: 'chat',
  ntfy: 'bell',
  gotify: 'bell',
  pushover: 'bell',
  pagerduty: 'pager',
  opsgenie: 'pager',
  twilio: 'phone',
  apprise: 'plug',
} as const satisfies Record<DestinationKind, IconName>
