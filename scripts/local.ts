import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isSeeded, seed } from '@/prisma/seed'
import { bringPeople } from '@/scripts/local-people'
import { knownPeople, localClientId, registryUrl, startLocalRegistry } from '@/scripts/local-registry'
import { addKnownPeopleToRoster } from '@/scripts/local-roster'
import { startMailbox } from '@/scripts/mailbox'
import { onDatabase } from '@/scripts/on-database'
import { type PortalSettings, portalUrl } from '@/scripts/portal'
import { freePort } from '@/scripts/ports'
import { type RunningProcess, root } from '@/scripts/processes'
import { Supervisor } from '@/scripts/supervisor'
import { openWorkspace, type Workspace } from '@/scripts/workspace'
import { openDatabase } from '@/scripts/workspace-database'

type Options = {
  name: 'demo' | 'dev'
  /** Something that the portal needs and that can be done while the database is being made ready. */
  prepare?: (supervisor: Supervisor) => Promise<void>
  startPortal: (settings: PortalSettings, onLine: (line: string) => void) => Promise<RunningProcess>
  echoPortal: boolean
  announce: (addresses: { portal: string; registry: string; mailbox: string }) => void
}

/** Drawn for light and for dark pages. */
const crest = join(root, 'scripts', 'crest.svg')
const preferred = { portal: 3000, registry: 4000, mailbox: 8025, smtp: 1025 }

/** A whole portal on this machine: database, local registry, mailbox, portal with its jobs. Runs until it is told to stop. */
export function runLocally({ name, prepare, startPortal, echoPortal, announce }: Options): Promise<void> {
  const { reset, port } = readArguments(name)
  const supervisor = new Supervisor()
  return supervisor.run(async () => {
    console.log('')
    const workspace = openWorkspace(name, { reset })
    const [databaseUrl] = await Promise.all([
      step('Database', () => startDatabase(supervisor, workspace, { reset })),
      prepare?.(supervisor),
    ])
    const registryPort = await choosePort('registry', preferred.registry)
    const portalPort = await choosePort('portal', port)
    const registry = {
      url: registryUrl(registryPort),
      clientId: localClientId,
      clientSecret: workspace.secrets.clientSecret,
    }
    await step('Local ORCID registry', async () => {
      const redirectUris = [`${portalUrl(portalPort)}/api/auth/callback/orcid`]
      const { registryState: stateFile, secrets } = workspace
      const onLine = writeTo(workspace.log('registry'))
      const options = { port: registryPort, stateFile, clientSecret: secrets.clientSecret, redirectUris, onLine }
      supervisor.watch(await startLocalRegistry(options))
      const { clientId, url: registryUrl } = registry
      const filled = await bringPeople({ databaseUrl, tokenKeys: secrets.tokenKeys, clientId, registryUrl })
      if (filled === 'again') {
        console.log('  The registry did not have the state that belongs to the database: filled again from there')
      }
    })
    const mailbox = await step('Mailbox', async () => {
      const port = await choosePort('mailbox', preferred.mailbox)
      const options = { port, smtpPort: await freePort(preferred.smtp), portal: portalUrl(portalPort) }
      const started = await startMailbox(options)
      const ended = new Promise<string>(() => undefined)
      supervisor.watch({ name: 'The mailbox', ended, stop: started.stop })
      return started
    })
    await step('Portal', async () => {
      const onLine = echoPortal ? (line: string) => console.log(line) : writeTo(workspace.log('portal'))
      // A withdrawal at the registry is confirmed within minutes here, not within a day.
      const env = {
        STAFF_ADMINS: knownPeople().administrator.orcid,
        CONFIRM_WITHDRAWAL_HOURS: '0.05',
        INSTITUTION_LOGO: crest,
        INSTITUTION_LOGO_DARK: crest,
        SMTP_URL: mailbox.smtpUrl,
        MAIL_FROM: 'University Library <orcid@example.org>',
        MAIL_DOMAINS: 'example.org',
        // Everybody on the roster: their mail ends in the mailbox.
        MAIL_ALLOWED: '@example.org',
        MAIL_BOUNCE_ADDRESS: 'bounces@example.org',
      }
      const settings = { databaseUrl, port: portalPort, registry, secrets: workspace.secrets, env }
      supervisor.watch(await startPortal(settings, onLine))
    })
    announce({ portal: portalUrl(portalPort), registry: registry.url, mailbox: mailbox.url })
  })
}

function readArguments(name: string): { reset: boolean; port: number } {
  try {
    const { values } = parseArgs({ options: { reset: { type: 'boolean', default: false }, port: { type: 'string' } } })
    // npm keeps options for itself when the two dashes before them are forgotten, and tells of them like this.
    const reset = values.reset || process.env.npm_config_reset === 'true'
    const port = Number(values.port ?? process.env.npm_config_port ?? preferred.portal)
    if (Number.isInteger(port) && port > 0 && port < 65_536) return { reset, port }
  } catch {
    // Something that is not an option of ours: answered like a port that is none.
  }
  console.error(`Usage: npm run ${name} [-- --reset] [--port N]`)
  process.exit(1)
}

async function startDatabase(
  supervisor: Supervisor,
  workspace: Workspace,
  options: { reset: boolean },
): Promise<string> {
  const { url, server } = await openDatabase(workspace.postgresDirectory, options)
  if (server) {
    const ended = server.exited.then(() => 'the server is gone')
    supervisor.watch({ name: 'PostgreSQL', ended, stop: () => server.stop() })
  }
  if (!(await isSeeded(url))) await seed(url, { researchers: 500, unconnected: 560 })
  const { staff } = knownPeople()
  await onDatabase(url, async (client) => {
    await client.query(
      `INSERT INTO staff_member (orcid, name, role, origin, may_export) VALUES ($1, $2, 'manager', 'demo', true) ON CONFLICT DO NOTHING`,
      [staff.orcid, staff.name],
    )
    await addKnownPeopleToRoster(client)
  })
  return url
}

async function choosePort(what: string, wanted: number): Promise<number> {
  const port = await freePort(wanted)
  if (port !== wanted) console.log(`  Port ${wanted} is taken: the ${what} listens on ${port}`)
  return port
}

/** Says what was done and how long it took. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const result = await work()
  console.log(`  ✓ ${what} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`)
  return result
}

function writeTo(file: string): (line: string) => void {
  const stream = createWriteStream(file, { mode: 0o600 })
  return (line) => stream.write(`${line}\n`)
}
