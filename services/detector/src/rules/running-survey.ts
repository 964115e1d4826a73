import type { PageObservation } from '../crawler/observation.ts'
import { ownerOf } from '../judges/script-hosts.ts'
import type { SeenAddress, SeenHost, SeenLibrary, SeenScript, SiteRunning, SpamPage } from './running-facts.ts'

/** Of each kind; a site has dozens, and one that tries costs no more than these. */
const keysMax = 2_000
const templatesMax = 2_000
const urlsMax = 3
const spamPagesMax = 10

interface Gathered<Seen> {
  seen: Seen
  templates: Set<string>
}

/** Gathers what the pages run while they pass by. */
export function createRunningSurvey() {
  const scripts = new Map<string, SeenScript>()
  const hosts = new Map<string, Gathered<SeenHost>>()
  const libraries = new Map<string, SeenLibrary>()
  const addresses = new Map<string, SeenAddress>()
  const spam = new Map<string, SpamPage[]>()
  const templates = new Set<string>()
  const more = (urls: readonly string[], url: string) => (urls.length < urlsMax ? [...urls, url] : urls)
  return {
    add({ url, template, running, spam: hidden }: PageObservation): void {
      if (running === null) return
      if (templates.size < templatesMax) templates.add(template)
      const own = ownerOf(URL.parse(url)?.hostname ?? '')
      for (const facts of running.noted) {
        const before = scripts.get(facts.key)
        if (!before && scripts.size >= keysMax) continue
        const { urls = [], pages = 0, isSensitive = false } = before ?? {}
        scripts.set(facts.key, {
          facts,
          urls: more(urls, url),
          pages: pages + 1,
          isSensitive: isSensitive || running.isSensitive,
        })
      }
      for (const host of running.hosts) {
        if (host === own) continue
        const before = hosts.get(host)
        if (!before && hosts.size >= keysMax) continue
        const { seen, templates: ofHost } = before ?? { seen: { urls: [], pages: 0, templates: 0 }, templates: new Set<string>() }
        ofHost.add(template)
        hosts.set(host, {
          seen: { urls: more(seen.urls, url), pages: seen.pages + 1, templates: ofHost.size },
          templates: ofHost,
        })
      }
      for (const address of running.addresses) {
        const before = addresses.get(address)
        if (!before && addresses.size >= keysMax) continue
        addresses.set(address, {
          urls: more(before?.urls ?? [], url),
          pages: (before?.pages ?? 0) + 1,
          isSensitive: before?.isSensitive === true || running.isSensitive,
        })
      }
      for (const found of running.libraries) {
        const key = `${found.library}@${found.version}`
        const before = libraries.get(key)
        if (!before && libraries.size >= keysMax) continue
        libraries.set(key, { found, urls: more(before?.urls ?? [], url), pages: (before?.pages ?? 0) + 1 })
      }
      if (hidden && hidden.hiddenLinks.length + hidden.terms.length > 0) {
        const pages = spam.get(template) ?? []
        if (pages.length < spamPagesMax && (pages.length > 0 || spam.size < keysMax))
          spam.set(template, [...pages, { url, ...hidden }])
      }
    },
    facts: (): SiteRunning => ({
      scripts,
      hosts: new Map([...hosts].map(([host, { seen }]) => [host, seen])),
      libraries,
      addresses,
      spam,
      templates: templates.size,
    }),
  }
}
