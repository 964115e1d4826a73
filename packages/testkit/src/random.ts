// Names of a module are found faster than those of a global object, of which tests have one each: this is asked millions of times.
const { cos, imul, log, PI, sqrt } = Math

/** Numbers that look like chance and are the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Normally distributed, by Box and Muller. */
export const normal = (random: () => number): number => sqrt(-2 * log(1 - random())) * cos(2 * PI * random())
