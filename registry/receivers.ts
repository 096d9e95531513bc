import type { RegistryClient } from './clients'

const member = { kind: 'member' } as const

/** Two more members, for trying out what the portal hands on. The second may not exchange id_tokens. */
export const RECEIVERS: readonly RegistryClient[] = [
  {
    ...member,
    redirectUris: [],
    id: 'APP-LOCALRECEIVER001',
    secret: 'local-receiver',
    name: 'Repository of Example',
    description: 'A member of ORCID that receives id_tokens.',
    exchanges: ['id_token', 'access_token'],
  },
  {
    ...member,
    redirectUris: [],
    id: 'APP-LOCALRECEIVER002',
    secret: 'local-receiver',
    name: 'Archive of Example',
    description: 'A member of ORCID that may not exchange id_tokens.',
  },
]
