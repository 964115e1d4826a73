/** One thing that runs, as it stands on a page. */
export interface ScriptPart {
  readonly kind: 'inline' | 'external' | 'frame' | 'handler'
  /** Its source, or its address. */
  readonly text: string
  /** Of a frame: nobody can see it. */
  readonly isHidden: boolean
}
