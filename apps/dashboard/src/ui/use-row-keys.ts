import { type RefObject, useEffect, useRef } from 'react'

/** Keys of a list: `j` and `k` go down and up its rows, `/` goes to its search. Not while somebody types, nor under an open dialog. */
export function useRowKeys(): { list: RefObject<HTMLUListElement | null>; search: RefObject<HTMLInputElement | null> } {
  const list = useRef<HTMLUListElement>(null)
  const search = useRef<HTMLInputElement>(null)
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return
      if (event.key === '/' && search.current) {
        event.preventDefault()
        search.current.focus()
      }
      if (event.key === 'j' || event.key === 'k') go(list.current, event.key === 'j' ? 1 : -1)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return { list, search }
}

const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, select, textarea, [contenteditable], dialog[open]') !== null

function go(list: HTMLUListElement | null, by: 1 | -1) {
  const rows = [...(list?.querySelectorAll<HTMLElement>('a.row, button.row') ?? [])]
  const at = document.activeElement instanceof HTMLElement ? rows.indexOf(document.activeElement) : -1
  rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus()
}
