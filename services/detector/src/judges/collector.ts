/** Where a tag or text stands. The same object at every call: it is not to be kept. */
export interface Place {
  /** Also when nobody wrote <head> or <body>: the parser decides as browsers do. */
  readonly inHead: boolean
  /** Inside <svg> or <math>, where HTML's names mean something else. */
  readonly isForeign: boolean
}

export type Attributes = Readonly<Record<string, string>>

/**
 * Picks the few facts of one kind out of a page that passes by as a stream. All collectors of a page share one pass of the parser, so
 * none may keep the page: what a collector holds is bounded. Nothing inside a <template> is seen unless it is an element's shadow, and of
 * a <noscript> in the head only its <meta>, because a browser that runs scripts sees neither.
 */
export interface Collector<Facts> {
  /** The only tags that `onOpenTag` is to be told of; absent: all. A page has hundreds, and most say nothing to most collectors. */
  readonly tags?: ReadonlySet<string>
  onOpenTag?(name: string, attributes: Attributes, place: Place): void
  /** Text that may be seen: none of scripts, styles, titles, text areas, and of a noscript in the head. In pieces of any length. */
  onText?(text: string, place: Place): void
  onCloseTag?(name: string, place: Place): void
  /** The document's title, once, with its white space made single. */
  onTitle?(text: string): void
  /** An inline script or style when it ends: its first 64 Ki characters. */
  onInline?(kind: 'script' | 'style', text: string, attributes: Attributes): void
  /** Called once, at the end of the page or where reading it stopped. */
  facts(): Facts
}

/** One collector for each kind of facts. */
export type Collectors<Facts> = { readonly [Kind in keyof Facts]: Collector<Facts[Kind]> }
