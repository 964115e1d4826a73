import { type AskFault, askJson, type Question } from './ask-json.ts'
import { googleFault } from './google-fault.ts'
import type { SourceDeps } from './source.ts'

/** One question to an API of Google's: the JSON of a success, or what the failure means. */
export async function askGoogle(
  deps: Pick<SourceDeps, 'outbound' | 'userAgent' | 'clock'>,
  url: string,
  question: Question,
): Promise<{ readonly ok: true; readonly body: unknown } | AskFault> {
  const answered = await askJson(deps, url, question)
  if (!answered.ok) return answered
  const { status, body } = answered
  return status >= 200 && status < 300 ? { ok: true, body } : googleFault(answered)
}
