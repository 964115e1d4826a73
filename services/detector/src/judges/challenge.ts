import type { ResponseHeaders } from '@tocsin/outbound/outbound-request'

/** Statuses with which walls against bots answer. */
const wallStatuses = new Set([200, 202, 401, 403, 405, 429, 503])
const marks =
  /cdn-cgi\/challenge-platform|\bcf-chl-|cf_chl_opt|captcha-delivery\.com|_incapsula_resource|px-captcha|perimeterx|awswafcaptcha|awswaf-captcha|ddos-guard|sgcaptcha|geo\.captcha/i
const titles =
  /^(just a moment\.*|attention required! \| cloudflare|access denied|ddos-guard|please wait\.*( \| cloudflare)?|one moment, please\.*|security check|pardon our interruption\.*|human verification|are you a robot\??)$/i

/** Did a wall against bots answer instead of the site? Then nothing is known about the page. */
export function isChallenge(status: number, headers: ResponseHeaders, title: string | null, beginning: string): boolean {
  if (!wallStatuses.has(status)) return false
  if (
    headers['cf-mitigated'] === 'challenge' ||
    headers['x-amzn-waf-action'] !== undefined ||
    headers['x-datadome'] === 'protected'
  )
    return true
  // A page that answers 200 may well write about captchas; only a wall has such a title, too.
  const hasTitle = title !== null && titles.test(title.trim())
  return status === 200 ? hasTitle && marks.test(beginning) : hasTitle || marks.test(beginning)
}

/** Answers that speak of us and not of the page: too many requests, and LinkedIn's word for the same. */
export const isRateLimit = (status: number): boolean => status === 429 || status === 999
