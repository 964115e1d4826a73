import { urlAddress } from './url-address.ts'

/**
 * What the spellings of one page's address have in common, as far as an address can tell: beside all that `urlAddress` evens out, the
 * order of its parameters, parameters without a name, the equals sign before an empty value, and slashes in a row. A server may tell
 * such spellings apart, so that none is asked for in the place of another: see decision 21.
 */
export function urlIdentity(address: string | URL, base?: string | URL): string | null {
  const spelled = urlAddress(address, base)
  return spelled === null ? null : identityOfAddress(spelled)
}

/** @param address as `urlAddress` gives it */
export function identityOfAddress(address: string): string {
  const query = address.indexOf('?')
  const path = query < 0 ? address : address.slice(0, query)
  const from = path.indexOf('/', path.indexOf('//') + 2)
  const evened = path.indexOf('//', from) < 0 ? path : path.slice(0, from) + path.slice(from).replace(/\/{2,}/g, '/')
  return query < 0 ? evened : evened + parametersOf(address.slice(query + 1))
}

function parametersOf(query: string): string {
  const named = query.split('&').flatMap((pair) => {
    const equals = pair.indexOf('=')
    const name = equals < 0 ? pair : pair.slice(0, equals)
    return name === '' ? [] : [{ name, pair: equals === pair.length - 1 ? name : pair }]
  })
  // Those of one name keep their order: they are a list.
  const sorted = named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return sorted.length === 0 ? '' : `?${sorted.map(({ pair }) => pair).join('&')}`
}
