import type { NotIndexable, PageSort, SitePage } from '@tocsin/contract/api/pages'

export const reasonWords = {
  blocked: 'Blocked by robots.txt',
  redirects: 'Redirects',
  error: 'Answers with an error',
  noindex: 'Says noindex',
  canonicalised: 'Names another address',
} satisfies Record<NotIndexable, string>

/** What it answered, and what that means to a reader who knows no status codes. */
export function statusOf({ status, fault }: Pick<SitePage, 'status' | 'fault'>): { text: string; tone: string } {
  if (status === null) return { text: fault ?? 'no answer', tone: 'bad' }
  if (status < 300) return { text: String(status), tone: 'good' }
  if (status < 400) return { text: `${status} redirect`, tone: 'info' }
  return { text: `${status} error`, tone: 'bad' }
}

export function indexText({ indexable, notIndexable }: Pick<SitePage, 'indexable' | 'notIndexable'>): string {
  if (indexable === null) return 'Could not be seen'
  return indexable ? 'Yes' : notIndexable ? reasonWords[notIndexable] : 'No'
}

/** What sorts first when a column is chosen: the worst, the newest, the most; addresses from A. */
export const firstOrder = (sort: PageSort): 'asc' | 'desc' => (sort === 'url' || sort === 'depth' ? 'asc' : 'desc')

export const sizeText = (bytes: number) =>
  bytes < 1024 ? `${bytes} B` : bytes < 1_048_576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`

/** The path is what differs between pages; another host is worth showing. */
export function addressText(url: string, siteUrl: string | undefined): string {
  const page = URL.parse(url)
  const site = siteUrl === undefined ? null : URL.parse(siteUrl)
  return page && site && page.host === site.host ? `${page.pathname}${page.search}` : url
}
