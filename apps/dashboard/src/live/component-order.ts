interface Ordered {
  id: string
  order: number
  name: string
}

/** As the page shows them: by the place somebody gave them, then by name. */
export const byOrder = (a: Ordered, b: Ordered): number => a.order - b.order || a.name.localeCompare(b.name)

/** Which of a list, already in order, need another place for one of them to go a step up or down. Places are counted from 0 then. */
export function moved<Item extends Ordered>(items: readonly Item[], id: string, by: 1 | -1): { item: Item; order: number }[] {
  const from = items.findIndex((item) => item.id === id)
  const to = from + by
  if (from < 0 || to < 0 || to >= items.length) return []
  const others = items.filter((item) => item.id !== id)
  const next = [...others.slice(0, to), ...items.slice(from, from + 1), ...others.slice(to)]
  return next.flatMap((item, order) => (item.order === order ? [] : [{ item, order }]))
}
