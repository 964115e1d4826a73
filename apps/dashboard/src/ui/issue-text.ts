import type { z } from 'zod'

/** The schema's findings in words for people. What the server says is already in them. */
export function issueText(issue: z.core.$ZodIssue): string {
  // What was given is not in the issue, only its kind at the end of the message.
  if (issue.code === 'invalid_type') {
    // Forms give texts or nothing: whatever is none was not filled in.
    if (issue.message.endsWith('undefined') || issue.expected === 'string') return missing
    return issue.expected === 'number' || issue.expected === 'int' ? 'Please enter a number.' : 'This does not look right.'
  }
  if (issue.code === 'too_small') {
    if (issue.origin === 'string') return Number(issue.minimum) <= 1 ? missing : `At least ${issue.minimum} characters, please.`
    return issue.origin === 'array' ? 'Choose at least one.' : `Must be at least ${issue.minimum}.`
  }
  if (issue.code === 'too_big')
    return issue.origin === 'string' ? `At most ${issue.maximum} characters, please.` : `Must be at most ${issue.maximum}.`
  if (issue.code === 'invalid_format' && issue.format === 'email') return 'This does not look like an e-mail address.'
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return 'This does not look like a web address. It starts with https:// or http://.'
  // A field of a day and a time gives all of it or nothing.
  if (issue.code === 'invalid_format' && issue.format === 'datetime') return missing
  return issue.message
}

const missing = 'Please fill this in.'
