import { scoreMeaning } from './health-words.ts'

/** A number from 0 to 100 with its meaning in words; the colour only repeats it. */
export function Score({ score }: { score: number }) {
  const { tone, word } = scoreMeaning(score)
  return (
    <span className="score" data-tone={tone} title={`Health ${score} of 100: ${word}`}>
      <b>{score}</b>
      <span className="visually-hidden"> of 100, {word}</span>
    </span>
  )
}
