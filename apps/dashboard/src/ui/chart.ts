export interface ChartSeries {
  name: string
  /** One for each time; null where nothing was measured. */
  values: readonly (number | null)[]
}

export interface ChartProps {
  /** What it shows, as a heading would say it. */
  label: string
  /** Ascending. */
  times: readonly string[]
  series: readonly ChartSeries[]
  format: (value: number) => string
  bounds?: { min?: number; max?: number }
  /** Lines across, each with a word on what lies beyond. */
  thresholds?: readonly { value: number; label: string; tone: 'warn' | 'bad' }[]
  /** A value holds until the next one. */
  stepped?: boolean
  /** For positions: 1 is the best and stands at the top. */
  downIsUp?: boolean
}
