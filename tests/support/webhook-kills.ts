import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { saveWebhook } from '@/lib/webhooks/commands'
import { numberChanges } from '@/lib/webhooks/positions'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { startProcess } from '@/scripts/processes'
import { connectSomebody } from '@/tests/support/api'
import { commandArgs } from '@/tests/support/command'
import { until } from '@/tests/support/journey'
import { addSystem, tell } from '@/tests/support/systems'
import { startReceiver } from '@/tests/support/webhook-receiver'

const peopleCount = 10

/** Makes random changes while the process that sends is killed, and compares what came with `change_log`. */
export async function expectAllDespiteKills(actor: StaffActor, { changes, kills }: { changes: number; kills: number }) {
  const receiver = await startReceiver()
  const authority = join(mkdtempSync(join(tmpdir(), 'webhook-')), 'authority.pem')
  writeFileSync(authority, receiver.cert)
  const startWorker = () =>
    startProcess({
      name: 'worker',
      args: commandArgs('worker'),
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority, WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' },
    })
  try {
    const { id: systemId } = await addSystem(actor)
    const url = `https://127.0.0.1:${receiver.port}/`
    receiver.state.secret = (await saveWebhook(actor, systemId, url, 'test')) ?? ''
    const researchers: string[] = []
    for (let n = 0; n < peopleCount; n++) {
      const { researcherId } = await connectSomebody(makeSeededOrcid(700 + n))
      await tell(systemId, [researcherId])
      researchers.push(researcherId)
    }
    const wake = () =>
      db().$queryRaw`select 1 as one from graphile_worker.add_job('send-webhooks', job_key => 'send-webhooks')`
    for (let killed = 0; killed < kills; killed++) {
      for (let n = 0; n < changes / kills; n++) await changeOne(researchers)
      // As after the lease of the process that was killed.
      await db().delivery.updateMany({ data: { leasedUntil: null } })
      const before = receiver.received.length
      const worker = startWorker()
      await wake()
      await until('an event came', async () => receiver.received.length > before, 60_000)
      await worker.kill()
    }
    await db().delivery.updateMany({ data: { leasedUntil: null } })
    await db().$executeRaw`update graphile_worker._private_jobs set locked_at = null, locked_by = null`
    const last = startWorker()
    await wake()
    await numberChanges()
    const expected = await db().change.findMany({ where: { kind: { not: null } }, orderBy: { position: 'asc' } })
    await until(
      'all have come',
      async () =>
        (await db().delivery.count({ where: { state: 'waiting' } })) === 0 &&
        receiver.received.length >= expected.length,
      120_000,
    )
    await last.kill()
    expect(receiver.refused).toEqual([])
    for (const personId of new Set(expected.map((change) => change.personId))) {
      const came = receiver.received.flatMap((event) => (event.person === personId ? (event.position ?? 0) : []))
      const positions = expected.flatMap((change) => (change.personId === personId ? Number(change.position) : []))
      // A repeated event comes at once after itself: nothing overtakes it.
      expect(came.filter((position, n) => position !== came[n - 1])).toEqual(positions)
    }
  } finally {
    await receiver.close()
  }
}

async function changeOne(researchers: readonly string[]): Promise<void> {
  const id = researchers[Math.floor(Math.random() * researchers.length)] ?? ''
  const scopes = Math.random() < 0.5 ? ['/read-limited', 'openid'] : ['/activities/update', '/read-limited', 'openid']
  const data = { liveScopes: scopes, liveScopesGivenAt: scopes.map(() => new Date()) }
  await db().researcher.update({ where: { id }, data, select: { id: true } })
}
