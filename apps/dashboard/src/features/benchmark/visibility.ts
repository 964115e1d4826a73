import type { Benchmark, VisibilityHistory } from '@tocsin/contract/api/benchmark'

/** Beyond these, lines can no longer be told apart. */
const linesMax = 6

/** The site, and the most visible of its competitors, as lines of a chart. */
export function visibilityLines({ parties }: Benchmark, { days }: VisibilityHistory) {
  return parties.slice(0, linesMax).map(({ name, competitorId }) => ({
    name,
    values: days.map((day) => day.parties.find((party) => party.competitorId === competitorId)?.visibility ?? null),
  }))
}

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' })

/** From an earlier value to the present one. */
export function changeText(now: number | null, earlier: number | null): string {
  if (now === null || earlier === null) return '–'
  if (earlier === 0) return now === 0 ? '0%' : 'new'
  return percent.format(now / earlier - 1)
}
