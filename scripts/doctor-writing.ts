import type pg from 'pg'
import { type DatabaseReason, findWriteFault, nameDatabaseReason } from '@/lib/installation/database-reason'
import { findTimeline } from '@/lib/installation/timeline'
import type { Finding } from '@/scripts/doctor-findings'

const lateS = 60

const words: Partial<Record<DatabaseReason, string>> = {
  database_standby: 'the server is a standby: DATABASE_URL must lead to the primary',
  database_read_only:
    'the database is read-only (default_transaction_read_only): see why the server or an operator set it',
  database_full: 'the disk of the database is full',
}

/** Whether the database can be written, and when portals and workers last wrote to it. */
export async function examineWriting(client: pg.Client): Promise<Finding[]> {
  return [await examineTransactions(client), ...(await examineHeartbeat(client)), ...(await examineFailovers(client))]
}

async function examineTransactions(client: pg.Client): Promise<Finding> {
  const what = 'writing'
  const fault = await findWriteFault(client).catch(async (error) => {
    const named = nameDatabaseReason(error)
    if (!named) throw error
    // The failed transaction is still open.
    await client.query('rollback')
    return named
  })
  if (!fault) return { what, state: 'good', finding: 'transactions can write, and the disk has room' }
  return { what, state: 'wrong', finding: words[fault] ?? fault }
}

async function examineHeartbeat(client: pg.Client): Promise<Finding[]> {
  const what = 'heartbeat'
  const { rows } = await client
    .query<{ seen: number | null }>(`SELECT extract(epoch FROM now() - max(seen_at))::float8 AS seen FROM replica`)
    .catch(() => ({ rows: [] }))
  const seen = rows[0]?.seen ?? null
  if (seen === null) return [{ what, state: 'note', finding: 'no portal or worker is running' }]
  const finding = `a portal or worker last wrote ${Math.round(seen)} s ago`
  return [
    seen <= lateS
      ? { what, state: 'good', finding }
      : { what, state: 'doubt', finding: `${finding}: none is running, or none can write` },
  ]
}

async function examineFailovers(client: pg.Client): Promise<Finding[]> {
  const what = 'failover'
  const timeline = await findTimeline(client).catch(() => null)
  if (timeline === null) {
    const finding = "the server's timeline cannot be read by this role: a failover that loses data goes unnoticed"
    return [{ what, state: 'note', finding }]
  }
  const { rows } = await client
    .query<{ from: Date | null; until: Date }>(
      `SELECT missing_from AS "from", found_at AS "until" FROM failover WHERE acknowledged_at IS NULL ORDER BY found_at`,
    )
    .catch(() => ({ rows: [] }))
  if (rows.length === 0)
    return [{ what, state: 'good', finding: `timeline ${timeline}, and none that nobody has followed up` }]
  return rows.map(({ from, until }) => {
    const interval = `${from ? `from ${from.toISOString()}` : 'shortly before'} until ${until.toISOString()}`
    const finding = `a standby took over: what was committed ${interval} may be missing. The overview says what to do`
    return { what, state: 'doubt', finding }
  })
}
