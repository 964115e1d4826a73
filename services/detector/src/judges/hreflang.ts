import { isHreflangCode } from './hreflang-code.ts'
import { type Alternate, alternatesMax } from './hreflang-collector.ts'
import { isRedirect } from './redirects.ts'

/** What the judgement of language versions needs to know of a page. */
export interface VersionedPage {
  /** As `urlAddress` spells it. */
  readonly url: string
  /** Of the answer at this very address, redirects not followed; null: unknown. */
  readonly status: number | null
  readonly noindex: boolean
  /** It names another page as the original: search engines ignore what it says of versions. */
  readonly isDuplicate: boolean
  readonly alternates: readonly Alternate[]
}

export const hreflangFaults = ['target_status', 'target_noindex', 'no_return', 'no_self', 'bad_code'] as const
export type HreflangFault = (typeof hreflangFaults)[number]

/** One fault with the facts that make it one. */
export interface HreflangFinding {
  readonly fault: HreflangFault
  readonly page: string
  readonly code: string
  readonly target: string | null
  readonly targetStatus: number | null
  readonly targetNoindex: boolean
  /** Of the addresses that page (no_self) or target (no_return) names, those that could be meant. */
  readonly names: readonly string[]
}

/** As many as let somebody check by eye that an address is missing among them. */
const namesMax = 12

/** What is wrong with the versions that one page names. A target that nobody fetched has no faults. */
export function hreflangFindings(page: VersionedPage, known: (url: string) => VersionedPage | null): HreflangFinding[] {
  if (page.status !== 200 || page.noindex || page.isDuplicate || page.alternates.length === 0) return []
  const findings: HreflangFinding[] = []
  const namesOf = (of: VersionedPage, wanted: string) =>
    // The wanted address first, if it is there: what is cut off must not make a fault.
    [...new Set(of.alternates.flatMap(({ url }) => (url === null ? [] : [url])))]
      .sort((a, b) => Number(b === wanted) - Number(a === wanted))
      .slice(0, namesMax)
  const add = (fault: HreflangFault, { code, url }: Alternate, target: VersionedPage | null, names: readonly string[] = []) =>
    findings.push({
      fault,
      page: page.url,
      code,
      target: url,
      targetStatus: target?.status ?? null,
      targetNoindex: target?.noindex ?? false,
      names,
    })
  const self = { code: '', url: page.url }
  if (!mayName(page, page.url)) add('no_self', self, page, namesOf(page, page.url))
  for (const alternate of page.alternates) {
    const { code, url } = alternate
    if (!isHreflangCode(code) || url === null) add('bad_code', alternate, null)
    if (url === null || url === page.url) continue
    const target = known(url)
    if (!target || target.status === null) continue
    if (isBadStatus(code, target.status)) add('target_status', alternate, target)
    else if (target.noindex) add('target_noindex', alternate, target)
    else if (target.status === 200 && !target.isDuplicate && !mayName(target, page.url))
      add('no_return', alternate, target, namesOf(target, page.url))
  }
  return findings
}

/** Of a page with more versions than are kept, nobody knows what the others are. */
const mayName = ({ alternates }: VersionedPage, url: string): boolean =>
  alternates.length >= alternatesMax || alternates.some((each) => each.url === url)

/** The default may be a home page that leads everybody on to their own language: that is what search engines want it for. */
const isBadStatus = (code: string, status: number): boolean =>
  status !== 200 && !(isRedirect(status) && code.trim().toLowerCase() === 'x-default')

/** Judges the facts of a finding once more. */
export function isHreflangFault({ fault, page, code, target, targetStatus, targetNoindex, names }: HreflangFinding): boolean {
  switch (fault) {
    case 'bad_code':
      return !isHreflangCode(code) || target === null
    case 'no_self':
      return !names.includes(page)
    case 'target_status':
      return targetStatus !== null && isBadStatus(code, targetStatus)
    case 'target_noindex':
      return targetNoindex
    case 'no_return':
      return targetStatus === 200 && !names.includes(page)
  }
}

/** Pages that name each other, directly or by way of others, as groups: each by the address that comes first. */
export function hreflangClusters(pages: Iterable<VersionedPage>): Map<string, VersionedPage[]> {
  const parents = new Map<string, string>()
  const rootOf = (url: string): string => {
    let root = url
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next
    // The way is shortened for whoever comes next, or a chain of 10,000 versions would cost its length squared.
    for (let each = url; each !== root; ) {
      const next = parents.get(each) ?? root
      parents.set(each, root)
      each = next
    }
    return root
  }
  const members: VersionedPage[] = []
  for (const page of pages) {
    if (page.alternates.length === 0) continue
    members.push(page)
    for (const { url } of page.alternates) {
      if (url === null) continue
      const [first, last] = [rootOf(page.url), rootOf(url)].sort()
      if (first !== undefined && last !== undefined && first !== last) parents.set(last, first)
    }
  }
  return Map.groupBy(members, (page) => rootOf(page.url))
}
