import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { migrate } from '@/scripts/migrations'
import { onDatabase } from '@/scripts/on-database'
import { portalEnv } from '@/scripts/portal'
import { type EmbeddedPostgres, startPostgres } from '@/scripts/postgres'
import { sharedTemporaryDirectory } from '@/scripts/postgres-system'
import { startProcess } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { startPortal, type TestPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

/** A portal on a PostgreSQL server of its own, whose files can be copied and put back, and a registry that remembers. */
export type Restorable = {
  /** Below it: `postgres`, the ledger, and whatever a test keeps there. */
  directory: string
  postgres: string
  ledger: string
  registry: TestRegistry
  portal: () => TestPortal
  /** Of the database, as its owner. */
  url: () => string
  start(): Promise<void>
  stop(): Promise<void>
  rows(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** Runs a script of ours with the portal's configuration: how it ended, and what it wrote. */
  run(script: string, ...args: string[]): Promise<{ ended: string; output: string }>
  remove(): Promise<void>
}

export async function makeRestorable(env: Record<string, string>): Promise<Restorable> {
  const directory = mkdtempSync(join(sharedTemporaryDirectory(), 'concord-test-'))
  // The user of the database has to pass.
  chmodSync(directory, 0o711)
  const postgres = join(directory, 'postgres')
  const ledger = join(directory, 'ledger')
  const registry = await startTestRegistry()
  let server: EmbeddedPostgres | undefined
  let portal: TestPortal | undefined
  // The addresses stay: who was on the way to ORCID comes back to where they started.
  const ports = { postgres: 0, portal: 0 }
  const url = () => server?.urlOf('concord') ?? ''

  const start = async () => {
    server = await startPostgres({ directory: postgres, port: ports.postgres, durable: false })
    ports.postgres = server.port
    if (ports.portal === 0) {
      await onDatabase(server.url, (client) => client.query('CREATE DATABASE concord'))
      await migrate(url())
    }
    const settings = { databaseUrl: url(), registry, port: ports.portal || undefined }
    portal = await startPortal({ ...settings, env: { ...env, LEDGER_FILE: ledger } })
    ports.portal = portal.port
  }
  const stop = async () => {
    await portal?.stop()
    await server?.stop()
  }
  const run = async (script: string, ...args: string[]) => {
    const configuration = { databaseUrl: url(), port: 9, registry, secrets: testSecrets, env: { LEDGER_FILE: ledger } }
    const running = startProcess({
      name: script,
      args: [...commandArgs(`scripts/${script}`), ...args],
      env: portalEnv(configuration),
    })
    return { ended: await running.ended, output: running.lines.join('\n') }
  }
  return {
    directory,
    postgres,
    ledger,
    registry,
    portal: () => {
      if (!portal) throw new Error('The portal was never started')
      return portal
    },
    url,
    start,
    stop,
    rows: (sql, values = []) => onDatabase(url(), async (client: pg.Client) => (await client.query(sql, values)).rows),
    run,
    remove: async () => {
      await stop()
      await registry.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
