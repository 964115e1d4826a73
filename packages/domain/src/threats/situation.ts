import type { Confirmation } from '@tocsin/contract/api/sites'
import type { Severity } from '@tocsin/contract/rule'

export type HeldState = 'suspected' | 'hygiene' | 'active' | 'acknowledged' | 'accepted'
export type Level = 'bad' | 'ok' | 'unknown'

/** What is known about the key of a verdict, if anything. */
export interface Held {
  state: HeldState
  severity: Severity
  firstSeenAt: Date
  okSince: Date | null
  nextLookAt: Date | null
  /** How it was judged until now, oldest first: for a suspicion all of it, else the latest. */
  looks: readonly Level[]
  /** When it went from bad to ok or back, the latest last; of a reopened one also those before. */
  flips: readonly Date[]
  /** The side it is on while it flaps; null: steady. */
  flapping: 'bad' | 'ok' | null
  /** When the detector doubted itself over this. */
  heldAt: Date | null
}

export interface Situation {
  held: Held | null
  /** `worsensAt`: when a fault that is still there will be more severe by its age alone. */
  /** `conclusive`: the rule has weighed repetition itself, so one verdict is enough. */
  /** `dayOne`: it was so before the baseline, although it takes longer to be told. */
  seen: { level: Level; severity: Severity; worsensAt?: Date | null; conclusive?: boolean; dayOne?: boolean }
  /** The site has not had a complete scan yet. */
  baseline: boolean
  confirmation: Confirmation
  /** So many sites turned bad at once that it may be us. */
  doubtful?: boolean
  now: Date
}

export type Reason =
  | 'nothing'
  | 'hygiene'
  | 'suspect'
  | 'too_early'
  | 'disagree'
  | 'confirm'
  | 'dismiss'
  | 'give_up'
  | 'keep'
  | 'hygiene_worsened'
  | 'hygiene_gone'
  | 'repeat'
  | 'worsened'
  | 'eased'
  | 'first_ok'
  | 'ok_too_early'
  | 'resolve'
  | 'unclear'
  | 'accepted'
  | 'hold'
  | 'flap'
  | 'flutter'
  | 'steady'

export interface Decision {
  reason: Reason
  /** `nothing`: no row is kept. */
  to: HeldState | 'resolved' | 'nothing'
  okSince: Date | null
  nextLookAt: Date | null
  flips: readonly Date[]
  flapping: 'bad' | 'ok' | null
}

/** What a verdict leads to, before doubts about ourselves and flapping are weighed. */
export type Step = Omit<Decision, 'flips' | 'flapping'>
