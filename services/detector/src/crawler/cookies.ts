/** What one visitor is given on the way through a chain of redirects, and sends along. Nothing outlives the way. */
export interface Cookies {
  /** The header for a request to this URL; undefined when there is nothing to send. */
  headerFor(url: string): string | undefined
  /** Takes what an answer sets; true when the visitor is another one after it. */
  take(url: string, setCookie: string | readonly string[] | undefined): boolean
}

/** Browsers keep more; a way through ten redirects needs a few. */
const perHostMax = 50
const lengthMax = 4_096

/** Cookies of exact hosts: attributes only matter to who keeps them longer than for one way. */
export function createCookies(): Cookies {
  const byHost = new Map<string, Map<string, string>>()
  return {
    headerFor(url) {
      const cookies = byHost.get(new URL(url).host)
      return cookies?.size ? [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') : undefined
    },
    take(url, setCookie) {
      const { host } = new URL(url)
      const cookies = byHost.get(host) ?? new Map<string, string>()
      byHost.set(host, cookies)
      let changed = false
      for (const line of [setCookie ?? []].flat()) {
        const [, name, value] = /^\s*([^\s=;]+)=([^;]*)/.exec(line.slice(0, lengthMax)) ?? []
        if (name === undefined || value === undefined || cookies.get(name) === value || cookies.size >= perHostMax) continue
        cookies.set(name, value)
        changed = true
      }
      return changed
    },
  }
}
