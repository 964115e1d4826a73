import { Tokenizer } from 'htmlparser2'

/** What this file reads of the tokenizer's own fields. */
interface Reading {
  /** The piece of the page that is being read, and how much of the page came before it. */
  readonly buffer: string
  readonly offset: number
  /** Of the page. */
  index: number
  readonly nextAmpersand: Next
  readonly nextLessThan: Next
}

/** Up to where a piece has no other `&` or `<`: so that each is looked through once, not at each sentence. */
interface Next {
  offset: number
  at: number
}

const lessThan = 0x3c
const ampersand = 0x26

/**
 * The parser's tokenizer looks at each character of a text, which is half of what reading a page costs. This one goes at once to where
 * the text ends, and reads as the other does in all else. If a later release reads texts by another way, it reads as that does.
 */
export class PageTokenizer extends Tokenizer {
  readonly nextAmpersand: Next = { offset: -1, at: -1 }
  readonly nextLessThan: Next = { offset: -1, at: -1 }
}

const readText: (this: Reading, code: number) => void = Tokenizer.prototype['stateText']

function skipText(this: Reading, code: number): void {
  if (code === lessThan || code === ampersand) {
    readText.call(this, code)
    return
  }
  const { buffer, offset } = this
  const from = this.index - offset
  const at = Math.min(found(this, this.nextLessThan, '<', from), found(this, this.nextAmpersand, '&', from))
  // The last character says nothing by itself, and what reads next begins behind it.
  this.index = offset + Math.min(at, buffer.length - 1)
  if (at < buffer.length) readText.call(this, buffer.charCodeAt(at))
}

function found({ buffer, offset }: Reading, next: Next, character: string, from: number): number {
  if (next.offset !== offset || next.at < from) {
    const at = buffer.indexOf(character, from)
    next.offset = offset
    next.at = at < 0 ? buffer.length : at
  }
  return next.at
}

// The method is private to the parser's types alone; there is no other door.
Object.defineProperty(PageTokenizer.prototype, 'stateText', { value: skipText })
