import type { ChatKind, SettingsOf } from '@tocsin/contract/channels/catalog'
import { apprise } from './apprise.ts'
import type { ChannelKind } from './channel-kind.ts'
import { discord } from './discord.ts'
import { googleChat } from './google-chat.ts'
import { gotify } from './gotify.ts'
import { mattermost } from './mattermost.ts'
import { ntfy } from './ntfy.ts'
import { opsgenie } from './opsgenie.ts'
import { pagerduty } from './pagerduty.ts'
import { pushover } from './pushover.ts'
import { slack } from './slack.ts'
import { teams } from './teams.ts'
import { telegram } from './telegram.ts'
import { twilio } from './twilio.ts'

export const channelKinds: { readonly [Kind in ChatKind]: ChannelKind<SettingsOf<Kind>> } = {
  slack,
  discord,
  teams,
  telegram,
  google_chat: googleChat,
  mattermost,
  rocketchat: mattermost,
  ntfy,
  gotify,
  pushover,
  pagerduty,
  opsgenie,
  twilio,
  apprise,
}
