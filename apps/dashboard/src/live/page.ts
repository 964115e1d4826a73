import type { Page } from './snapshot.ts'

/** Where an item stands in its list: newest first, then by id, as the server orders. */
export interface Order<Item> {
  at: (item: Item) => string
  id: (item: Item) => string
}

/**
 * The list with the item as it is now. One that is older than everything loaded belongs to a page that was not asked for: it stays out
 * when there is such a page.
 */
export function upsert<Item>(page: Page<Item>, item: Item, order: Order<Item>): Page<Item> {
  const others = page.data.filter((other) => order.id(other) !== order.id(item))
  const place = others.findIndex((other) => isBefore(item, other, order))
  if (place < 0 && page.nextCursor !== null && others.length === page.data.length) return page
  const at = place < 0 ? others.length : place
  return { ...page, data: [...others.slice(0, at), item, ...others.slice(at)] }
}

export function change<Item>(page: Page<Item>, id: string, order: Order<Item>, changed: (item: Item) => Item): Page<Item> {
  if (!page.data.some((item) => order.id(item) === id)) return page
  return { ...page, data: page.data.map((item) => (order.id(item) === id ? changed(item) : item)) }
}

export function without<Item>(page: Page<Item>, gone: (item: Item) => boolean): Page<Item> {
  return page.data.some(gone) ? { ...page, data: page.data.filter((item) => !gone(item)) } : page
}

function isBefore<Item>(a: Item, b: Item, order: Order<Item>): boolean {
  return order.at(a) === order.at(b) ? order.id(a) > order.id(b) : order.at(a) > order.at(b)
}
