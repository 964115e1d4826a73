import { ApiError } from '@tocsin/sdk/api-error'
import { issueLine } from './issue-line.ts'
import { ProblemNote } from './problem-note.tsx'

/** As many as one looks at before sending again. */
const shownMax = 8

/** What is wrong with a list that was sent, line by line: nothing of it was taken. */
export function IssueList({ error }: { error: Error }) {
  const issues = error instanceof ApiError ? error.issues : []
  if (issues.length === 0) return <ProblemNote error={error} />
  return (
    <div className="problem" role="alert">
      <div>
        <p>Nothing was recorded, because:</p>
        <ul className="issue-list">
          {issues.slice(0, shownMax).map((issue) => (
            <li key={`${issue.path} ${issue.message}`}>{issueLine(issue)}</li>
          ))}
        </ul>
        {issues.length > shownMax && <p className="muted">And {issues.length - shownMax} more.</p>}
      </div>
    </div>
  )
}
