import type { Look, ThreatDetail } from '@tocsin/contract/api/threats'
import { Time } from '../../ui/time.tsx'

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
          <dt>{words(name)}</dt>
          <dd>{valueText(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** `finalUrl` → "Final url". */
const words = (name: string) =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^./, (first) => first.toUpperCase())

function valueText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number')) return value.join('\n')
  if (Array.isArray(value)) return value.map(lineText).join('\n')
  return lineText(value)
}

/** One line of what has parts of its own. */
function lineText(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value)
  const parts = Object.entries(value).filter(([, part]) => part !== null)
  return parts
    .map(([name, part]) =>
      typeof part === 'string' && part.includes('://') ? part : `${words(name).toLowerCase()}: ${valueText(part)}`,
    )
    .join(', ')
}
