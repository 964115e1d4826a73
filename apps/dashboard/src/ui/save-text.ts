/** As the browser saves what it was told to download. */
export function saveText(text: string, name: string, type = 'text/csv') {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  URL.revokeObjectURL(address)
}
