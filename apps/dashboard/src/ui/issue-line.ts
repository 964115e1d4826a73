/** What the server says of a row of a list, with the column it is about, in words for whoever has the spreadsheet before them. */
export function issueLine({ path, message }: { path: string; message: string }): string {
  const [, line, said = message] = /^Line (\d+): (.*)$/s.exec(message) ?? []
  const column = path.split('.').at(-1) ?? ''
  const place = [line && `Line ${line}`, /^\d*$/.test(column) ? '' : column].filter(Boolean).join(', ')
  return place === '' ? said : `${place}: ${plain(said)}`
}

/** How the schema speaks of what is not there or is of another kind. */
function plain(said: string): string {
  if (/received undefined$/.test(said)) return 'is missing.'
  if (/expected number/.test(said)) return 'is not a number.'
  return said
}
