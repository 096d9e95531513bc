import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { knownPeople, localClientId } from '@/scripts/local-registry'
import { freePort } from '@/scripts/ports'
import { root } from '@/scripts/processes'

// The local registry alone, for a portal that is started by other means. What is in the environment goes before this.
const directory = join(root, '.concord', 'registry')
mkdirSync(directory, { recursive: true })

// Two registries never listen on one port, so they never write one file either.
const port = Number(process.env.REGISTRY_PORT) || (await freePort(4000))
process.env.REGISTRY_PORT = String(port)

const defaults = {
  REGISTRY_STATE: join(directory, `registry-${port}.json`),
  REGISTRY_CLIENT_ID: process.env.ORCID_CLIENT_ID || localClientId,
  REGISTRY_CLIENT_SECRET: process.env.ORCID_CLIENT_SECRET || 'c0f1a5b2-4e0d-4a39-8f6b-2d9d6f0e7a11',
  REGISTRY_REDIRECT_URIS: `${(process.env.NEXTAUTH_URL || 'http://localhost:3000').replace(/\/$/, '')}/api/auth/callback/orcid`,
}
for (const [name, value] of Object.entries(defaults)) process.env[name] ||= value

const issuer = process.env.REGISTRY_ISSUER || `http://127.0.0.1:${port}`
console.log(`A portal reaches this registry with

  ORCID_REGISTRY=local
  ORCID_ISSUER=${issuer}
  ORCID_API_URL=${issuer}/v3.0
  ORCID_CLIENT_ID=${process.env.REGISTRY_CLIENT_ID}
  ORCID_CLIENT_SECRET=${process.env.REGISTRY_CLIENT_SECRET}

and comes back to ${process.env.REGISTRY_REDIRECT_URIS}
People: ${Object.values(knownPeople())
  .map(({ name, role }) => `${name} (${role})`)
  .join(', ')} and more
`)
await import('@/registry/main')
