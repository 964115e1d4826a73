/**
 * `decisive`: no honest code does it, wherever it is found. `strong`: enough in a script that is new to a site. `weak`: honest code does
 * it too; two of different families in a script that is new to a site are enough.
 */
export type Strength = 'decisive' | 'strong' | 'weak'

/** Signals of one family are the same observation seen twice. */
export type SignalFamily =
  | 'decoded_execution'
  | 'hidden_text'
  | 'obfuscation'
  | 'packed'
  | 'miner'
  | 'card_theft'
  | 'key_logging'
  | 'known_campaign'
  | 'clipboard_bait'
  | 'dropper'
  | 'admin_abuse'
  | 'chain_payload'
  | 'hidden_frame'
  | 'hidden_link'
  | 'redirect'
  | 'eval'
  | 'document_write'
  | 'loader'
  | 'odd_host'
  | 'gating'
  | 'encoding'

export interface Signal {
  readonly family: SignalFamily
  readonly strength: Strength
  /** What was seen, in a few words; never the script itself. */
  readonly detail: string
}

export const signal = (family: SignalFamily, strength: Strength, detail: string): Signal => ({ family, strength, detail })
