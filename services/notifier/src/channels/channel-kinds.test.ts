import { describe, expect, test } from '@jest/globals'
import { type ChatKind, channels } from '@tocsin/contract/channels/catalog'
import type { ChannelKind } from './channel-kind.ts'
import type { ChatMessage } from './chat-message.ts'
import { channelKinds } from './registry.ts'

const alert: ChatMessage = {
  title: 'New: Home page says noindex (Shop)',
  text: 'Seen twice.\nSearch engines will drop the page.',
  severity: 'critical',
  status: 'triggered',
  facts: [
    { name: 'Severity', value: 'critical' },
    { name: 'Site', value: 'https://shop.example/' },
  ],
  url: 'https://tocsin.example/alerts/alr_1',
  dedupKey: 'rul_1:site_1',
  at: '2026-03-02T09:00:00.000Z',
}

/** Settings as they are kept, by kind. */
const settings: Record<ChatKind, Record<string, unknown>> = {
  slack: { url: 'https://hooks.slack.example/services/T/B/secretsecret' },
  discord: { url: 'https://discord.example/api/webhooks/1/secretsecret' },
  teams: { url: 'https://teams.example/webhook/secretsecret' },
  telegram: { token: '123456:secretsecret', chatId: '-100123' },
  google_chat: { url: 'https://chat.example/v1/spaces/x/messages?key=k&token=secretsecret' },
  mattermost: { url: 'https://mattermost.example/hooks/secretsecret' },
  rocketchat: { url: 'https://rocket.example/hooks/secretsecret/x' },
  ntfy: { topic: 'shop', accessToken: 'tk_secretsecret' },
  gotify: { baseUrl: 'https://gotify.example/', token: 'secretsecret' },
  pushover: { token: 'secretsecret', user: 'secretuser' },
  pagerduty: { routingKey: 'secretsecret' },
  opsgenie: { apiKey: 'secretsecret' },
  twilio: { accountSid: `AC${'0'.repeat(32)}`, authToken: 'secretsecret', from: '+15550001111', to: '+15550002222' },
  apprise: { baseUrl: 'https://apprise.example', key: 'ops', tag: 'oncall' },
}

const kinds = Object.keys(channels) as ChatKind[]
function build(kind: ChatKind, message: ChatMessage) {
  const parsed = channels[kind].settings.parse(settings[kind]) as Record<string, unknown>
  return (channelKinds[kind] as unknown as ChannelKind<Record<string, unknown>>).build(message, parsed)
}

describe.each(kinds)('%s', (kind) => {
  test('a request as its documentation has it', () => {
    expect(build(kind, alert)).toMatchSnapshot()
  })

  test('that it is over', () => {
    expect(build(kind, { ...alert, status: 'resolved', title: 'Resolved: Home page says noindex' })).toMatchSnapshot()
  })

  test('a message of a hostile site stays within bounds and calls nobody', () => {
    const hostile = '<!channel> @everyone @channel <users/all> <script>alert(1)</script> *_~`[x](javascript:1) \u{1F600}'.repeat(
      400,
    )
    const { body, headers, url } = build(kind, {
      ...alert,
      title: hostile,
      text: hostile,
      facts: Array.from({ length: 20 }, () => ({ name: hostile.slice(0, 60), value: hostile.slice(0, 300) })),
      dedupKey: hostile,
    })
    expect(Buffer.byteLength(body)).toBeLessThan(64 * 1024)
    expect(body.isWellFormed()).toBe(true)
    expect(() => new Headers(headers)).not.toThrow()
    expect(URL.canParse(url)).toBe(true)
    if (kind === 'slack' || kind === 'google_chat') expect(JSON.parse(body).text).not.toMatch(/<[!u]/)
    if (kind === 'mattermost' || kind === 'rocketchat' || kind === 'discord') expect(body).not.toMatch(/@(everyone|channel)/)
    if (kind === 'telegram') expect(JSON.parse(body).text).not.toMatch(/<script|&[a-z]*…/)
  })

  test('without a link, a severity, facts or a text', () => {
    const { body } = build(kind, { ...alert, url: null, severity: null, facts: [], text: '', status: 'info' })
    expect(body).not.toContain('null,')
    expect(body).not.toContain('undefined')
  })
})

describe('what services say', () => {
  test.each<[ChatKind, number, string, string | null]>([
    ['slack', 404, 'no_service', 'gone'],
    ['slack', 410, 'channel_is_archived', 'gone'],
    ['slack', 400, 'invalid_blocks', 'never'],
    ['slack', 500, 'rollup_error', null],
    ['discord', 404, '{"message":"Unknown Webhook","code":10015}', 'gone'],
    ['discord', 404, '<html>', null],
    ['discord', 429, '{"retry_after":1.5,"global":false}', 'later'],
    ['teams', 410, '', 'gone'],
    ['teams', 200, 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429', 'later'],
    ['telegram', 403, '{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}', 'gone'],
    ['telegram', 400, '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}', 'gone'],
    ['telegram', 400, '{"ok":false,"error_code":400,"description":"Bad Request: can\'t parse entities"}', 'never'],
    ['telegram', 429, '{"ok":false,"parameters":{"retry_after":7}}', 'later'],
    ['telegram', 401, '{"ok":false,"description":"Unauthorized"}', 'later'],
    ['google_chat', 404, '', 'gone'],
    ['mattermost', 400, '{"message":"Invalid webhook"}', 'gone'],
    ['rocketchat', 404, '{"success":false,"error":"Invalid integration id or token provided."}', 'gone'],
    ['pushover', 400, '{"user":"invalid","status":0}', 'gone'],
    ['pushover', 400, '{"message":"cannot be blank","status":0}', 'never'],
    ['pushover', 429, '', null],
    ['pagerduty', 400, '{"status":"invalid event"}', 'never'],
    ['pagerduty', 429, '', null],
    ['opsgenie', 422, '', 'never'],
    ['twilio', 400, '{"code":21610,"message":"Attempt to send to unsubscribed recipient"}', 'gone'],
    ['twilio', 400, '{"code":21617}', 'never'],
    ['apprise', 204, '', 'gone'],
    ['apprise', 424, '', null],
  ])('%s: %i %s', (kind, status, body, verdict) => {
    expect(channelKinds[kind].classify?.({ status, body })?.verdict ?? null).toBe(verdict)
  })
})
