import type { SiteId } from '@tocsin/contract/ids'
import type { RuleSpec, Severity } from '@tocsin/contract/rule'
import type { RuleConfigs, RuleId } from '@tocsin/contract/rules/catalog'
import type { Sql } from '@tocsin/db/transaction'
import type { CrawlSummary, PageObservation, RobotsObservation } from '../crawler/observation.ts'
import type { CloakRound } from '../judges/cloak.ts'
import type { Probes } from '../probes/probes.ts'
import type { TlsObservation } from '../probes/tls.ts'
import type { PageMemory } from './page-memory.ts'
import type { SeenFile } from './running-facts.ts'
import type { SiteMemory } from './site-memory.ts'
import type { SiteSurvey } from './survey-facts.ts'

/** Only a confirmed `bad` opens a threat and only a confirmed `ok` closes one. `unknown` does neither and is recorded as a look. */
export type Level = 'bad' | 'ok' | 'unknown'

/** What to look at again: a few addresses, two for a template. `data` has none: what is recorded is judged again. */
export interface LookTarget {
  readonly kind: 'page' | 'robots' | 'tls' | 'target' | 'data'
  readonly urls: readonly string[]
}

export interface Verdict {
  readonly rule: RuleId
  /** The page (its address), template, host or target it is about; with the rule and the site it makes the dedupe key. */
  readonly subject: string
  readonly level: Level
  /** Of a `bad` verdict. Whatever a rule says for the other two is not used. */
  readonly severity: Severity
  readonly title: string
  readonly description: string
  /** JSON: enough to re-derive the verdict. Never a body, a cookie or a credential. */
  readonly evidence: Readonly<Record<string, unknown>>
  readonly look: LookTarget
  /** When a fault that is still there will be more severe by its age alone: it is looked at then. */
  readonly worsensAt?: Date | null
  /** From records whose repetition the rule has weighed itself: it opens and closes at once, without looks. */
  readonly conclusive?: boolean
  /** It was so before the site had a baseline, although it is told only now: it is listed, and nobody is alarmed. */
  readonly dayOne?: boolean
}

/** `hygiene` was wrong on day one; `suspected` waits for its confirming looks; `acknowledged` is open and somebody is on it. */
export type Watch = 'suspected' | 'open' | 'acknowledged' | 'hygiene'

/** The subjects of one site for which somebody waits for an answer, also when it is `ok` or `unknown`. */
export type WatchList = ReadonlyMap<string, Watch>
export const watchKey = (rule: string, subject: string): string => `${rule} ${subject}`

/** What every judgement may use besides its observation. */
export interface JudgeContext {
  /** Where the site starts, as the owner wrote it. */
  readonly siteUrl: string
  readonly now: Date
  /** True while the first complete scan of the site is judged. */
  readonly baseline: boolean
  readonly watched: WatchList
  /** Rule and subject of what somebody has accepted as expected. */
  readonly accepted: ReadonlySet<string>
  /** The thresholds that hold for this site. */
  readonly config: RuleConfigs
  /** 0–10. */
  readonly importance: (url: string) => number
  readonly robots: RobotsObservation | null
}

/** What an address that does not exist shows. `sketch` is null when nothing can be compared with it. */
export interface MissingPage {
  /** Whether the answer is known. */
  readonly probed: boolean
  readonly sketch: string | null
}

export interface PageContext extends JudgeContext {
  /** Another page of the same observation, by address: a canonical target, for example. */
  readonly known: (url: string) => PageObservation | undefined
  /** Pages of the crawl that could be judged, and how many of them failed with a server error. */
  readonly crawl: { readonly pages: number; readonly serverErrors: number; readonly canonicalToHome: number }
  /** What the site answers for an address that does not exist. */
  readonly missing: MissingPage
}

export interface SiteObservation {
  readonly summary: CrawlSummary
  /** One for each https host of the site. */
  readonly tls: readonly TlsObservation[]
  /** What the pages say together. */
  readonly survey: SiteSurvey
  /** A few pages, as other visitors were answered. */
  readonly cloaks: readonly CloakRound[]
  /** The scripts that its pages load; null: they were not looked at. */
  readonly files: readonly SeenFile[] | null
}

export interface SiteContext extends JudgeContext {
  readonly memory: SiteMemory
  /** Pages that are known from earlier scans, with what is remembered about them. */
  readonly pages: ReadonlyMap<string, PageMemory>
}

/** A finding that is looked at again: what the scan or the last look said. */
export interface Finding {
  readonly subject: string
  readonly severity: Severity
  readonly evidence: Readonly<Record<string, unknown>>
  /** Since when it has been seen well: this look is whether that lasts. The evidence is older. Null while it is bad. */
  readonly okSince: Date | null
  readonly look: LookTarget
}

export interface LookContext {
  readonly siteUrl: string
  readonly now: Date
  readonly config: RuleConfigs
  readonly memory: SiteMemory
  /** Of the pages in `look.urls`; for idx.robots_block and idx.robots_changed: of all known pages. */
  readonly pages: ReadonlyMap<string, PageMemory>
  readonly signal: AbortSignal
}

/** What a rule may use besides the records it reads. */
export interface DataContext {
  readonly site: { readonly id: SiteId; readonly url: string }
  readonly now: Date
  readonly watched: WatchList
  readonly config: RuleConfigs
}

export interface ReplayContext {
  readonly config: RuleConfigs
  /** When the evidence was judged. */
  readonly now: Date
}

export interface Replayed {
  readonly level: Level
  /** Null unless `level` is bad. */
  readonly severity: Severity | null
}

interface AnyRule<Id extends RuleId> {
  readonly spec: RuleSpec<Id>
  /** Judges stored evidence of a bad verdict once more, with the judgement that made it. */
  replay(evidence: Readonly<Record<string, unknown>>, context: ReplayContext): Replayed
}

interface CrawlRule<Id extends RuleId> extends AnyRule<Id> {
  /** Observes on a fresh connection and judges with the same judge as the scan. Never throws for what the outside does. */
  lookAgain(finding: Finding, probes: Probes, context: LookContext): Promise<Verdict>
}

export interface PageRule<Id extends RuleId = RuleId> extends CrawlRule<Id> {
  readonly scope: 'page'
  /** Null when the rule has nothing to say about this page: it does not apply, or what it sees is expected. */
  judge(page: PageObservation, before: PageMemory | null, context: PageContext): Verdict | null
}

export interface SiteRule<Id extends RuleId = RuleId> extends CrawlRule<Id> {
  readonly scope: 'site'
  /** Bad verdicts, and an answer for every watched subject of this rule. */
  judge(seen: SiteObservation, context: SiteContext): Verdict[]
}

/** Judges what is recorded: measurements that were pushed or fetched. */
export interface DataRule<Id extends RuleId = RuleId> extends AnyRule<Id> {
  readonly scope: 'data'
  /** Bad verdicts, and an answer for every watched subject of this rule. Reads within the org; nothing is written. */
  assess(sql: Sql, context: DataContext): Promise<Verdict[]>
}

export type Rule<Id extends RuleId = RuleId> = PageRule<Id> | SiteRule<Id> | DataRule<Id>
/** The type of registry.ts: a rule of the catalogue without an implementation does not compile. */
export type Registry = { readonly [Id in RuleId]: Rule<Id> }
