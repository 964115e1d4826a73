import type { Role } from '@tocsin/contract/api/orgs'

export const roleWords = {
  viewer: { name: 'Viewer', may: 'sees everything, changes nothing' },
  editor: { name: 'Editor', may: 'adds and checks sites, handles threats' },
  admin: { name: 'Admin', may: 'also deletes sites, manages members, keys and receivers' },
  owner: { name: 'Owner', may: 'everything' },
} satisfies Record<Role, { name: string; may: string }>
