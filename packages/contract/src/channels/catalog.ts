import type { z } from 'zod'
import { apprise } from './apprise.ts'
import { discord } from './discord.ts'
import { googleChat } from './google-chat.ts'
import { gotify } from './gotify.ts'
import { mattermost } from './mattermost.ts'
import { ntfy } from './ntfy.ts'
import { opsgenie } from './opsgenie.ts'
import { pagerduty } from './pagerduty.ts'
import { pushover } from './pushover.ts'
import { rocketchat } from './rocketchat.ts'
import { slack } from './slack.ts'
import { teams } from './teams.ts'
import { telegram } from './telegram.ts'
import { twilio } from './twilio.ts'

/** Every way to reach people over HTTP, in the order of the documentation. Mail is the one that is none of these. */
export const channels = {
  slack,
  discord,
  teams,
  telegram,
  google_chat: googleChat,
  mattermost,
  rocketchat,
  ntfy,
  gotify,
  pushover,
  pagerduty,
  opsgenie,
  twilio,
  apprise,
} as const

type Channels = typeof channels
export type ChatKind = keyof Channels
export type SettingsOf<Kind extends ChatKind> = z.infer<Channels[Kind]['settings']>
