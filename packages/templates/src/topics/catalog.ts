import type { NoticeAlert } from '@tocsin/contract/notice'
import type { Topic } from '../topic.ts'
import { competitorSurge } from './competitor-surge.ts'
import { cwvDegradation } from './cwv-degradation.ts'
import { incident } from './incident.ts'
import { indexationProblem } from './indexation-problem.ts'
import { metric } from './metric.ts'
import { outage } from './outage.ts'
import { rankingDrop } from './ranking-drop.ts'
import { securityIssue } from './security-issue.ts'
import { technicalError } from './technical-error.ts'

/** By the topic of an alert. */
export const topics: Readonly<Record<string, Topic>> = {
  ranking_drop: rankingDrop,
  cwv_degradation: cwvDegradation,
  technical_error: technicalError,
  competitor_surge: competitorSurge,
  security_issue: securityIssue,
  indexation_problem: indexationProblem,
  monitor: outage,
  component: outage,
  incident,
  metric,
}

/** Whatever comes to be alerted of one day is at least told as something that does not work. */
export const topicOf = ({ topic }: NoticeAlert): Topic => topics[topic] ?? technicalError
