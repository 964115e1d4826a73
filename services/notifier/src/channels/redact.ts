/** Shorter ones would blot out half of an answer, and are no secrets. */
const secretLengthMin = 6

/** Some services repeat in their errors what they were asked; attempts are shown to everybody of the org. */
export function redact(text: string, secrets: readonly string[]): string {
  const hidden = secrets
    .filter((secret) => secret.length >= secretLengthMin)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), pathOf(secret)])
  return hidden.reduce((shown, secret) => (secret.length >= secretLengthMin ? shown.replaceAll(secret, '[secret]') : shown), text)
}

/** Of a secret address: without its host, as a router's error page names it. */
function pathOf(secret: string): string {
  const url = URL.parse(secret)
  return url ? url.pathname + url.search : ''
}
