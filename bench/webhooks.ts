import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { median, timeMs } from '@/bench/timing'
import { createTestDatabase } from '@/tests/support/database'
import { connect } from '@/tests/support/journey'
import { startPortal } from '@/tests/support/portal'
import { startTestRegistry } from '@/tests/support/registry'
import { addSystemRow } from '@/tests/support/system-row'
import { startReceiver } from '@/tests/support/webhook-receiver'

export type WebhookFigures = {
  deliveries: number
  /** Sent while pages were measured. */
  sent: number
  /** Pages while events are sent, as a multiple of what they take while none are, in turn in the same run. */
  pages: Record<string, number>
}

const admin = '0000-0002-1825-0097'
const answerAfterMs = 1_000
const rounds = 12
const timesEach = 5

/** Has a portal send so many events to a receiver that answers after a second, and reads pages meanwhile. */
export async function sendToSlowReceiver(deliveries: number): Promise<WebhookFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-webhooks-'))
  const receiver = await startReceiver()
  receiver.state.answer = (response) => void setTimeout(() => response.writeHead(204).end(), answerAfterMs)
  const authority = join(folder, 'authority.pem')
  writeFileSync(authority, receiver.cert)
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const registry = await startTestRegistry()
  const env = { STAFF_ADMINS: admin, NODE_EXTRA_CA_CERTS: authority, WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' }
  const portal = await startPortal({ databaseUrl: database.portalUrl, registry, env })
  try {
    const { visitor } = await connect({ portal, registry }, { orcid: admin })
    const system = await addSystemRow(database.url)
    const fields: [string, string][] = [
      ['system', system],
      ['action', 'save'],
      ['url', `https://127.0.0.1:${receiver.port}/`],
    ]
    await visitor.post(`${portal.url}/staff/systems/webhook`, fields)
    await client.query(addDeliveries, [deliveries])
    const paths = ['/me', '/staff/people', `/staff/systems/${system}/events`]
    const times = { on: paths.map((): number[] => []), off: paths.map((): number[] => []) }
    for (let round = 0; round < rounds; round++) {
      for (const state of round % 2 ? (['on', 'off'] as const) : (['off', 'on'] as const)) {
        await client.query('update webhook set state = $1::webhook_state', [state])
        if (state === 'on')
          await client.query(`select graphile_worker.add_job('send-webhooks', job_key => 'send-webhooks')`)
        // Until those that are under way have an answer, or the first are.
        await sleep(answerAfterMs * 1.5)
        for (let time = 0; time < timesEach; time++) {
          for (const [place, path] of paths.entries()) {
            const ms = await timeMs(() => visitor.get(`${portal.url}${path}`))
            if (round > 0) times[state][place]?.push(ms)
          }
        }
      }
    }
    const { rows } = await client.query(`select count(*)::int as sent from delivery where state = 'delivered'`)
    const ratioOf = (place: number) => median(times.on[place] ?? []) / median(times.off[place] ?? [])
    const pages = paths.map((path, place) => [path.replace(system, '<id>'), Math.round(ratioOf(place) * 100) / 100])
    return { deliveries, sent: rows[0].sent, pages: Object.fromEntries(pages) }
  } finally {
    await portal.stop()
    await receiver.close()
    await client.end()
    await registry.close()
    await database.drop()
    rmSync(folder, { recursive: true })
  }
}

/** Ten of each of some people, whom nobody knows any more. */
const addDeliveries = `
  insert into delivery (webhook_id, type, person_id, position)
  select webhook.id, 'permission.paused', md5((n / 10)::text)::uuid, n from webhook, generate_series(1, $1::int) n`
