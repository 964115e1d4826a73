import { ApiError } from '@tocsin/sdk/api-error'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

/** What went wrong, in the server's own words, and a way to try again. */
export function ProblemNote({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  // A refusal says all there is to say; what is our fault is found by its request.
  const requestId = error instanceof ApiError && error.status >= 500 ? error.requestId : null
  return (
    <div className="problem" role="alert">
      <Icon name="high" />
      <div>
        <p>{error instanceof ApiError ? error.message : 'Something went wrong on this page.'}</p>
        {requestId && <p className="problem-request">Request {requestId}</p>}
      </div>
      {onRetry && (
        <Button look="quiet" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}
