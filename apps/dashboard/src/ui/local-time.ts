/** A time as `datetime-local` wants it: by the clock on the wall here, to the minute. */
export function localInput(at: string | null | undefined): string | undefined {
  if (!at) return undefined
  const date = new Date(at)
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** As the API takes it; undefined where nothing, or no time, was put in. */
export function timeOfInput(value: string | undefined): string | undefined {
  const date = new Date(value ?? '')
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
