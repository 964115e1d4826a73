import { system } from '@tocsin/contract/actor'
import { presenceChanged } from '@tocsin/contract/events/members'
import { type OrgId, UserId } from '@tocsin/contract/ids'
import type { Journal } from '@tocsin/journal/change'
import type { Connections } from './connections.ts'

/** As many as the event may carry. */
const usersMax = 200

/** Tells each org who is here, at most once a turn of the wheel, however many come and go in it. */
export class Presence {
  readonly #gateway: string
  readonly #journal: Journal
  readonly #connections: Connections
  readonly #changed = new Set<OrgId>()

  constructor(options: { gateway: string; journal: Journal; connections: Connections }) {
    this.#gateway = options.gateway
    this.#journal = options.journal
    this.#connections = options.connections
  }

  changed(orgId: OrgId): void {
    this.#changed.add(orgId)
  }

  async announce(): Promise<void> {
    const orgIds = [...this.#changed]
    this.#changed.clear()
    await Promise.all(
      orgIds.map((orgId) => {
        const connections = this.#connections.ofOrg(orgId)
        const users = new Set<UserId>()
        for (const { actor } of connections) {
          const id = UserId.safeParse(actor.slice(actor.indexOf(':') + 1))
          if (id.success && users.size < usersMax) users.add(id.data)
        }
        const data = { gateway: this.#gateway, connections: connections.size, users: [...users] }
        return this.#journal.announce(orgId, system('realtime-gateway'), presenceChanged, data)
      }),
    )
  }
}
