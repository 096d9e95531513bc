import { portalUrl, startBuiltPortal } from '@/scripts/portal'
import { freePort } from '@/scripts/ports'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

export type TestPortal = {
  /** An origin, `http://localhost:<port>`. */
  url: string
  port: number
  pid: number | undefined
  /** Every line that it logged so far. */
  logs: string[]
  /** SIGTERM, and SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<void>
  /** As `kill -9`. */
  kill(): Promise<void>
}

// Of tests only: 32 bytes each, the same in every run, so that a second portal on one database reads what the first sealed.
export const testSecrets = {
  sessionSecret: Buffer.from('a session secret, for the tests').toString('base64url'),
  tokenKeys: `k1:${Buffer.from('thirty-two bytes of sealing key!').toString('base64')}`,
}

type Options = {
  databaseUrl: string
  registry: Pick<TestRegistry, 'url' | 'clientId' | 'clientSecret' | 'admit'>
  port?: number
  env?: Record<string, string>
  /** The folder of another build than the usual one. */
  standalone?: string
}

/** Starts the production build with its whole configuration; resolves once `/api/health/ready` answers 200. */
export async function startPortal({
  databaseUrl,
  registry,
  port: wanted,
  env,
  standalone,
}: Options): Promise<TestPortal> {
  const port = await freePort(wanted)
  const url = portalUrl(port)
  registry.admit(url)
  const portal = await startBuiltPortal({ databaseUrl, port, registry, secrets: testSecrets, env, standalone })
  return { url, port, pid: portal.pid, logs: portal.lines, stop: portal.stop, kill: () => portal.kill() }
}

export type Stack = {
  database: TestDatabase
  registry: TestRegistry
  portal: TestPortal
  stop(): Promise<void>
}

/**
 * A database, a registry and a portal that belong together and to nobody else. The portal runs with the rights of a
 * portal, so that every test also shows that they are enough. With `ORCID_API: 'public'` its client has public credentials.
 */
export async function startStack({
  registryPort,
  ...options
}: Pick<Options, 'env' | 'standalone'> & { registryPort?: number } = {}): Promise<Stack> {
  const database = await createTestDatabase()
  const kind = options.env?.ORCID_API === 'public' ? 'public' : 'member'
  const registry = await startTestRegistry({ kind, port: registryPort })
  const stopOthers = async () => {
    await registry.close()
    await database.drop()
  }
  try {
    const portal = await startPortal({ databaseUrl: database.portalUrl, registry, ...options })
    const stop = async () => {
      await portal.stop()
      await stopOthers()
    }
    return { database, registry, portal, stop }
  } catch (error) {
    await stopOthers()
    throw error
  }
}
