import { expect, test } from '@jest/globals'
import type { NoticeKind } from '@tocsin/contract/notice'
import type { Severity } from '@tocsin/contract/rule'
import { messagesOf, withinLimits } from './messages.ts'

const start = Date.UTC(2026, 2, 1)
const at = (seconds: number) => new Date(start + seconds * 1000)
type Line = readonly [seconds: number, alert: string, kind: NoticeKind, severity?: Severity, notBefore?: number]
const told = (lines: readonly Line[]) =>
  messagesOf(
    lines.map(([seconds, fingerprint, kind, severity = 'high', notBefore]) => ({
      at: at(seconds),
      fingerprint,
      kind,
      severity,
      notBefore: notBefore === undefined ? null : at(notBefore),
    })),
    { groupWaitSeconds: 30, groupIntervalSeconds: 300 },
  ).map((message) => (message.at.getTime() - start) / 1000)

test.each<[string, readonly Line[], number[]]>([
  ['nothing', [], []],
  [
    'the first waits for company',
    [
      [0, 'a', 'triggered'],
      [20, 'b', 'triggered'],
    ],
    [30],
  ],
  [
    'later ones for the rest',
    [
      [0, 'a', 'triggered'],
      [40, 'b', 'triggered'],
      [50, 'c', 'triggered'],
    ],
    [30, 330],
  ],
  [
    'critical ones for nothing, and they take what waits with them',
    [
      [0, 'a', 'triggered'],
      [10, 'b', 'triggered', 'critical'],
    ],
    [10],
  ],
  [
    'what is over before it was told is not told',
    [
      [0, 'a', 'triggered'],
      [10, 'a', 'resolved'],
    ],
    [],
  ],
  [
    'what is over is told, but is no alert message',
    [
      [0, 'a', 'triggered'],
      [600, 'a', 'resolved'],
    ],
    [30],
  ],
  [
    'what came back too soon is told if it lasts',
    [
      [0, 'a', 'triggered'],
      [60, 'a', 'resolved'],
      [90, 'a', 'triggered', 'high', 360],
    ],
    [30, 360],
  ],
  [
    'and if it does not, it is not',
    [
      [0, 'a', 'triggered'],
      [60, 'a', 'resolved'],
      [90, 'a', 'triggered', 'high', 360],
      [100, 'a', 'resolved'],
    ],
    [30],
  ],
])('%s', (_, lines, seconds) => expect(told(lines)).toEqual(seconds))

test('a day lets through its limit, and a reserve of critical ones', () => {
  const message = (hour: number, critical = false) => ({ at: new Date(start + hour * 3_600_000), critical })
  const messages = [1, 2, 3, 4, 5]
    .map((hour) => message(hour))
    .concat(
      [6, 7, 8].map((hour) => message(hour, true)),
      message(30),
    )
  expect(withinLimits(messages, { daily: 3, criticalReserve: 2 })).toEqual([
    { day: '2026-03-01', messages: 8, withinLimit: 5, held: 3 },
    { day: '2026-03-02', messages: 1, withinLimit: 1, held: 0 },
  ])
})
