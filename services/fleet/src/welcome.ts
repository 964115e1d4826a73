/** The one block that a person reads after the start. */
export function welcome(told: {
  url: string
  email: string
  password: string
  apiKey: string
  demo: { siteUrl: string; mailboxUrl: string } | null
  startedMs: number
}): string {
  const demo = told.demo
    ? `
  Demo
    Break the site         ${told.url}/demo
    The site itself        ${told.demo.siteUrl}
    The mailbox            ${told.demo.mailboxUrl}
`
    : ''
  return `
  Tocsin is ready (${(told.startedMs / 1000).toFixed(1)} s).

  Dashboard                ${told.url}
  E-mail                   ${told.email}
  Password                 ${told.password}
  API key                  ${told.apiKey}
${demo}
  Add a site
    curl -X POST ${told.url}/v1/sites \\
      -H 'Authorization: Bearer ${told.apiKey}' -H 'Content-Type: application/json' \\
      -d '{"url":"https://example.com/"}'

  The API is described at ${told.url}/docs. Ctrl-C stops everything; your data stays.
`
}
