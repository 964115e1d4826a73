const hourMs = 3_600_000

export interface SnoozeChoice {
  label: string
  until: Date
}

/** What people mean by "later"; tomorrow is meant by the clock on their wall. */
export function snoozeChoices(now: Date): SnoozeChoice[] {
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9)
  return [
    { label: '1 hour', until: new Date(now.getTime() + hourMs) },
    { label: '4 hours', until: new Date(now.getTime() + 4 * hourMs) },
    { label: 'Until tomorrow, 9:00', until: tomorrow },
  ]
}

/** What an input of type datetime-local holds: the wall clock's time without a zone. */
export function localInput(at: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}
