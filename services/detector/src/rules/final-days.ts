import type { Sql } from '@tocsin/db/transaction'
import { type KnownDay, knownDays, searchConsoleState } from '@tocsin/domain/search-console/search-console.read'
import { addDays, daysBetween, pacificDay } from '../judges/pacific.ts'
import type { DataContext } from './verdict.ts'

/** Google finishes a day within three; what ends longer ago is a source that has fallen silent, and says nothing about today. */
const staleDays = 7

/** The final week and the days before it, as far as they can be compared. */
export interface FinalDays {
  readonly through: string
  /** The first day of the week, and of what it is compared with. */
  readonly since: string
  readonly from: string
  /** Read to the end, without a known error of Google's, and on this side of the last change in how it counts. */
  readonly week: ReadonlySet<string>
  readonly before: ReadonlySet<string>
  /** Whether no day of the week is missing. */
  readonly isWhole: boolean
}

const weekDays = 7

/** Null: there is no Search Console, or it has said nothing for too long. */
export async function finalDays(sql: Sql, { site, now }: DataContext, beforeDays: number): Promise<FinalDays | null> {
  const state = await searchConsoleState(sql, site.id)
  const through = state?.finalThrough
  if (!through || daysBetween(through, pacificDay(now)) > staleDays) return null
  const since = addDays(through, 1 - weekDays)
  const from = addDays(since, -beforeDays)
  const known = (await knownDays(sql, site.id, from)).filter(({ day }) => day <= through)
  const broken = known.findLast(({ breaks }) => breaks)?.day ?? ''
  const usable = known
    .filter(isUsable)
    .filter(({ day }) => day > broken)
    .map(({ day }) => day)
  const week = new Set(usable.filter((day) => day >= since))
  return { through, since, from, week, before: new Set(usable.filter((day) => day < since)), isWhole: week.size === weekDays }
}

const isUsable = ({ detailed, anomaly }: KnownDay): boolean => detailed && anomaly === null
