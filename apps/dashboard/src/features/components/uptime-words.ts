import type { ComponentUptime } from '@tocsin/contract/api/components'

const dayS = 86_400
const hourS = 3_600

/** The largest two units: nobody counts the seconds of a quarter. */
export function lengthText(seconds: number): string {
  if (seconds >= dayS) return joined(seconds, dayS, 'd', hourS, 'h')
  if (seconds >= hourS) return joined(seconds, hourS, 'h', 60, 'min')
  return seconds >= 60 ? joined(seconds, 60, 'min', 1, 's') : `${Math.round(seconds)} s`
}

function joined(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small)
  return `${Math.floor(seconds / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`
}

/** Never rounded up: one second of outage must not show as 100 %. The server has floored it. */
export const uptimeText = ({ uptime }: Pick<ComponentUptime, 'uptime'>): string =>
  uptime === null ? 'Not known yet' : `${uptime} %`
