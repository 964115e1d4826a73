import type { Subscriber, SubscriberState } from '@tocsin/contract/api/subscribers'

export const stateWords = {
  pending: 'Has not agreed yet',
  confirmed: 'Is told',
  quarantined: 'Cannot be reached',
  unsubscribed: 'Has left',
} satisfies Record<SubscriberState, string>

export const stateTones = {
  pending: 'info',
  confirmed: 'good',
  quarantined: 'bad',
  unsubscribed: 'off',
} satisfies Record<SubscriberState, string>

export const whyWords = {
  hard_bounce: 'The address does not exist',
  soft_bounces: 'Mail came back again and again',
  complaint: 'Called a mail spam',
  by_themselves: 'By themselves',
  by_admin: 'By an admin',
  receiver_gone: 'The receiver answered that it is gone',
} satisfies Record<NonNullable<Subscriber['stateReason']>, string>

export const sourceWords = {
  page: 'came by the page',
  admin: 'invited here',
  import: 'imported',
} satisfies Record<Subscriber['source'], string>

const impacts = {
  none: 'every incident',
  minor: 'incidents of minor impact and worse',
  major: 'incidents of major impact and worse',
  critical: 'critical incidents only',
} satisfies Record<Subscriber['minimumImpact'], string>

/** All components, every incident. */
export function wantsText({ componentIds, minimumImpact }: Pick<Subscriber, 'componentIds' | 'minimumImpact'>): string {
  const what =
    componentIds === null ? 'All components' : componentIds.length === 1 ? '1 component' : `${componentIds.length} components`
  return `${what}, ${impacts[minimumImpact]}`
}

/** 2 new, 1 asked by mail, 3 known already. */
export function importedText(result: { confirmed: number; asked: number; known: number }): string {
  return `${result.confirmed} told from now on, ${result.asked} asked by mail, ${result.known} known already.`
}
