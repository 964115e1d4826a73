import { markDailyRules } from '@tocsin/domain/alert-rules/due'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'

/** Of one statement: at the hour that most orgs have, each of them has a rule or two. */
const rulesMax = 500

/** Marks alert rules that are judged once a day as due, when their org's hour has come. The notifier judges them. */
export async function dailyPass({ db, clock }: Pick<Foundation, 'db' | 'clock'>): Promise<PassResult> {
  return (await markDailyRules(db, clock.now(), rulesMax)) >= rulesMax ? 'worked' : 'idle'
}
