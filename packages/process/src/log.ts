import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

const secretPaths = ['authorization', 'cookie', 'password', 'secret', 'token', 'key', 'signature'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.headers.${name}`,
])

/** One JSON line per fact. Secrets are cut out by field name, whoever logs them. Without a service: for a process of several, each with a child. */
export function createLog(options: { service?: string; level: string; destination?: DestinationStream }): Log {
  const settings = {
    level: options.level,
    base: options.service === undefined ? {} : { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretPaths, censor: '[redacted]' },
  }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}

export const silentLog = (): Log => pino({ level: 'silent' })
