import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bareEnv, type RunningProcess, root, startProcess, waitUntilReady } from '@/scripts/processes'

export const localClientId = 'APP-CONCORDLOCAL001'

type Options = {
  port: number
  stateFile: string
  clientSecret: string
  redirectUris: string[]
  onLine?: (line: string) => void
}

/** Starts the local registry as a process of its own and resolves once it answers. Its address is `registryUrl(port)`. */
export async function startLocalRegistry(options: Options): Promise<RunningProcess> {
  const { port, stateFile, clientSecret, redirectUris, onLine } = options
  const env = {
    ...bareEnv(),
    REGISTRY_PORT: String(port),
    REGISTRY_STATE: stateFile,
    REGISTRY_CLIENT_ID: localClientId,
    REGISTRY_CLIENT_SECRET: clientSecret,
    REGISTRY_REDIRECT_URIS: redirectUris.join(' '),
  }
  const args = ['--import', 'tsx', join(root, 'registry', 'main.ts')]
  const registry = startProcess({ name: 'The local registry', args, env, onLine })
  try {
    await waitUntilReady(registry, `${registryUrl(port)}/.well-known/openid-configuration`)
    return registry
  } catch (error) {
    await registry.kill()
    throw error
  }
}

export const registryUrl = (port: number) => `http://127.0.0.1:${port}`

type Person = { orcid: string; name: string; role: string }

/** The people of the registry that a newcomer meets first, by what registry/people.json notes about them. */
export function knownPeople() {
  type Entry = { orcid: string; given: string; family: string; creditName: string | null; note: string }
  const entries = JSON.parse(readFileSync(join(root, 'registry', 'people.json'), 'utf8')) as Entry[]
  const find = (note: string, role: string): Person => {
    const found = entries.find((entry) => entry.note === note)
    if (!found) throw new Error(`registry/people.json has nobody who is noted as "${note}"`)
    return { orcid: found.orcid, name: found.creditName ?? `${found.given} ${found.family}`, role }
  }
  return {
    researcher: find('an ordinary researcher', 'researcher'),
    administrator: find('administrator in the demo', 'administrator'),
    staff: find('staff member in the demo', 'staff (manager)'),
  }
}
