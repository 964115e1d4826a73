/**
 * `decisive`: no honest code does it, wherever it is found. `strong`: enough in a script that is new to a site. `weak`: honest code does
 * it too; two of different families in a script that is new to a site are enough.
 */
export const signalStrengths = ['decisive', 'strong', 'weak'] as const
export type Strength = (typeof signalStrengths)[number]

/** Signals of one family are the same observation seen twice. */
export const signalFamilies = [
  'decoded_execution',
  'hidden_text',
  'obfuscation',
  'packed',
  'miner',
  'card_theft',
  'key_logging',
  'known_campaign',
  'clipboard_bait',
  'dropper',
  'admin_abuse',
  'chain_payload',
  'hidden_frame',
  'hidden_link',
  'redirect',
  'eval',
  'document_write',
  'loader',
  'odd_host',
  'gating',
  'encoding',
] as const
export type SignalFamily = (typeof signalFamilies)[number]

export interface Signal {
  readonly family: SignalFamily
  readonly strength: Strength
  /** What was seen, in a few words; never the script itself. */
  readonly detail: string
}

export const signal = (family: SignalFamily, strength: Strength, detail: string): Signal => ({ family, strength, detail })
