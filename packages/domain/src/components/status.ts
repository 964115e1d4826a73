import { type ComponentStatus, componentStatuses } from '@tocsin/contract/api/components'

/** Of everything that holds a component at once, the worst is shown. */
export const worstStatus = (statuses: readonly ComponentStatus[]): ComponentStatus =>
  componentStatuses.findLast((status) => statuses.includes(status)) ?? 'operational'

/**
 * A dependency that would lead back to where it started, as the path it takes; null: there is none. `edges` are all dependencies of the
 * org as they would be.
 */
export function cycleFrom(start: string, edges: ReadonlyMap<string, readonly string[]>): string[] | null {
  const cameFrom = new Map<string, string>()
  // Not recursive: a chain may be as long as there are components.
  const open = [start]
  for (let from = open.pop(); from !== undefined; from = open.pop())
    for (const to of edges.get(from) ?? []) {
      if (to === start) return [...pathTo(from, cameFrom), start]
      if (cameFrom.has(to)) continue
      cameFrom.set(to, from)
      open.push(to)
    }
  return null
}

function pathTo(end: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [end]
  for (let before = cameFrom.get(end); before !== undefined; before = cameFrom.get(before)) path.push(before)
  return path.reverse()
}
