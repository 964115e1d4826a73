import type { TemplateId } from '@tocsin/contract/api/templates'
import type { NoticeAlert } from '@tocsin/contract/notice'

/** How one kind of trouble is put into words. Each sentence is about the alert it is given. */
export interface Topic {
  readonly id: TemplateId
  readonly title: string
  readonly doc: string
  /** One word or two for the subject. */
  readonly tag: string
  readonly found: (alert: NoticeAlert) => string
  readonly worse: (alert: NoticeAlert) => string
  readonly over: (alert: NoticeAlert) => string
  /** What to know before acting on it; empty if there is nothing. */
  readonly hint: string
}

export const siteName = ({ site }: NoticeAlert): string => site?.name ?? 'your site'
