import { TLSSocket } from 'node:tls'
import type { Env } from '@/lib/config/env'
import { databaseClient, databaseIdentity } from '@/lib/database/connection'
import { describeDatabaseFault } from '@/lib/database/fault'
import type { Finding } from '@/scripts/doctor-findings'
import { findPooling, type Pooling } from '@/scripts/pooling'

const ways: Record<Pooling, string> = {
  direct: 'directly to PostgreSQL',
  session: 'through a pooler in session mode',
  transaction: 'through a pooler in transaction mode',
  statement: 'through a pooler in statement mode, which takes no transactions: set pool_mode to transaction or session',
  full: 'through a pooler without a free connection, so that its mode cannot be told: raise default_pool_size',
}

const states: Record<Pooling, Finding['state']> = {
  direct: 'good',
  session: 'good',
  transaction: 'good',
  statement: 'wrong',
  full: 'doubt',
}

/** How the portal and the job queue reach PostgreSQL. Says nothing about a `DATABASE_URL` that leads nowhere. */
export async function examineConnections(env: Env): Promise<Finding[]> {
  const { databaseUrl, workerDatabaseUrl } = env
  const portal = await findPooling(databaseUrl).catch(() => null)
  const rows: Finding[] = []
  if (portal) {
    const finding = `${ways[portal]}, ${await describeEncryption(databaseUrl)}`
    rows.push({ what: 'connection', state: states[portal], finding })
  }
  if (workerDatabaseUrl) rows.push(await examineWorker(databaseUrl, workerDatabaseUrl, portal !== null))
  else if (portal) rows.push(judgeShared(portal))
  return rows
}

const what = "worker's connection"

function judgeShared(portal: Pooling): Finding {
  const finding = 'that of DATABASE_URL'
  if (portal === 'direct' || portal === 'session') return { what, state: 'good', finding }
  const advice = 'jobs are met by polling, without LISTEN: set WORKER_DATABASE_URL to PostgreSQL itself'
  return { what, state: 'doubt', finding: `${finding}, a pooler that keeps no session: ${advice}` }
}

async function examineWorker(databaseUrl: string, url: string, isPortalThere: boolean): Promise<Finding> {
  try {
    const pooling = await findPooling(url)
    const finding = `${ways[pooling]}, ${await describeEncryption(url)}`
    if (pooling === 'transaction') {
      return { what, state: 'wrong', finding: `${finding}: WORKER_DATABASE_URL has to lead to PostgreSQL itself` }
    }
    if (isPortalThere && (await identityOf(url)) !== (await identityOf(databaseUrl))) {
      return { what, state: 'wrong', finding: 'WORKER_DATABASE_URL leads to another database, or as another role' }
    }
    return { what, state: states[pooling], finding }
  } catch (error) {
    return { what, state: 'wrong', finding: `WORKER_DATABASE_URL: ${describeDatabaseFault(error).sentence}` }
  }
}

/** The same for two addresses of one database with one role. */
async function identityOf(url: string): Promise<string> {
  const { rows } = await onConnection(url, (client) => client.query(`${databaseIdentity}, current_user`))
  return JSON.stringify(rows)
}

async function describeEncryption(url: string): Promise<string> {
  return onConnection(url, async (client) => {
    const { stream } = (client as unknown as { connection: { stream: unknown } }).connection
    if (!(stream instanceof TLSSocket)) return 'not encrypted'
    const checked = stream.authorized ? 'certificate checked' : 'certificate not checked (sslmode=verify-full does)'
    return `${stream.getProtocol()}, ${checked}`
  })
}

async function onConnection<T>(url: string, work: (client: ReturnType<typeof databaseClient>) => Promise<T>) {
  const client = databaseClient(url, { connectionTimeoutMillis: 5_000, query_timeout: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
