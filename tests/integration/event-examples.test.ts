import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { webhookExample } from '@/lib/api/event-examples'
import { toBody } from '@/lib/webhooks/delivery'
import { makeSigningSecret, signEvent } from '@/lib/webhooks/signing'
import { root } from '@/scripts/processes'
import { until } from '@/tests/support/journey'

const secret = makeSigningSecret()
const person = crypto.randomUUID()
let folder = ''
let child: ChildProcess
let out = ''

beforeAll(async () => {
  // Below the project, where the library is found.
  mkdirSync(join(root, '.concord'), { recursive: true })
  folder = mkdtempSync(join(root, '.concord', 'receiver-'))
  const file = join(folder, 'receiver.mjs')
  writeFileSync(file, webhookExample.code)
  child = spawn(process.execPath, [file], { env: { ...process.env, WEBHOOK_SECRET: secret, PORT: '0' } })
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (out += part))
  await until('it listens', async () => /listening \d+/.test(out))
})
afterAll(() => {
  child.kill()
  rmSync(folder, { recursive: true })
})

const event = {
  eventId: crypto.randomUUID(),
  webhookId: '',
  type: 'connection.withdrawn',
  personId: person,
  itemId: null,
  intoId: null,
  position: 7n,
  happenedAt: new Date(),
  tries: 1,
  firstTriedAt: new Date(),
}
const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000)

async function post(secrets: string[], at = new Date(), body = toBody(event)) {
  const headers = signEvent(secrets, { id: event.eventId, body: toBody(event), at })
  const port = /listening (\d+)/.exec(out)?.[1]
  return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body })).status
}

test('the receiver on the page for developers takes an event that comes twice once, and believes no other', async () => {
  expect(await post([secret])).toBe(204)
  expect(await post([makeSigningSecret(), secret])).toBe(204)
  // Another secret, another body, and a clock that is ten minutes off, either way.
  expect(await post([makeSigningSecret()])).toBe(401)
  expect(await post([secret], new Date(), toBody({ ...event, position: 8n }))).toBe(401)
  expect(await post([secret], minutesFromNow(-10))).toBe(401)
  expect(await post([secret], minutesFromNow(10))).toBe(401)
  expect(out.trim().split('\n').slice(1)).toEqual([`connection.withdrawn ${person}`])
})
