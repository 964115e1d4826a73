import type { Look, ThreatDetail } from '@tocsin/contract/api/threats'
import { Time } from '../../ui/time.tsx'
import { fieldWords, rowsOf, valueText } from './evidence-words.ts'

/** What was seen. Each rule keeps what its verdict needs, so the fields differ from rule to rule. */
export function Evidence({ evidence }: { evidence: ThreatDetail['evidence'] }) {
  return (
    <section className="sheet-section">
      <h3>Evidence</h3>
      <Seen seen={evidence} />
    </section>
  )
}

const verdicts = { bad: 'Bad', ok: 'Fine', unknown: 'Could not tell' } as const
const tones = { bad: 'bad', ok: 'good', unknown: 'off' } as const

/** How the verdict came about, look by look. */
export function Looks({ looks }: { looks: readonly Look[] }) {
  if (looks.length === 0) return null
  return (
    <section className="sheet-section">
      <h3>Looks</h3>
      <ol className="looks">
        {looks.toReversed().map((look) => (
          <li key={look.at}>
            <details>
              <summary>
                <span className="chip" data-tone={tones[look.verdict]}>
                  {verdicts[look.verdict]}
                </span>
                <Time at={look.at} />
              </summary>
              <Seen seen={look.seen} />
            </details>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Seen({ seen }: { seen: Record<string, unknown> }) {
  const entries = Object.entries(seen).filter(([, value]) => value !== null && value !== undefined)
  if (entries.length === 0) return <p className="muted">Nothing was kept.</p>
  return (
    <dl className="evidence">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{fieldWords(name)}</dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Value({ value }: { value: unknown }) {
  const rows = rowsOf(value)
  if (rows === null) return valueText(value)
  return (
    <table className="evidence-table">
      <thead>
        <tr>
          {rows.columns.map((column) => (
            <th key={column} scope="col">
              {fieldWords(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.lines.map((cells) => (
          <tr key={cells.join('\n')}>
            {cells.map((cell, n) => (
              <td key={rows.columns[n]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
