import { beforeEach, describe, expect, test } from 'vitest'
import { env } from '@/lib/config/env'
import { db } from '@/lib/db'
import { authenticateApi, authenticateClient } from '@/lib/systems/authentication'
import { stopAllSystems, stopSystem } from '@/lib/systems/commands'
import { makeKeyText } from '@/lib/systems/key-format'
import { makeKey, revokeKey } from '@/lib/systems/keys'
import { countRequest } from '@/lib/systems/limit'
import { issueToken } from '@/lib/systems/tokens'
import { makeStaffActor } from '@/tests/support/actors'
import { workInOwnDatabase } from '@/tests/support/inside'
import { addSystem } from '@/tests/support/systems'

const admin = makeStaffActor({ role: 'admin' })
workInOwnDatabase(admin)

beforeEach(async () => {
  await db().system.deleteMany()
})

const present = (key: string, address: string | null = null) =>
  authenticateApi({ authorization: `Bearer ${key}`, address })

const makeClient = (systemId: string) =>
  makeKey(admin, systemId, { kind: 'client', name: 'server', expiresOn: null, requestId: 'test' })

describe('a key', () => {
  test('lets its system in, and is kept nowhere in clear', async () => {
    const { id, key, keyId } = await addSystem(admin)
    expect(key).toMatch(/^cnc_test_/)
    expect(await present(key)).toMatchObject({ actor: { kind: 'api', systemId: id, keyId, name: 'Staff pages' } })
    const kept = JSON.stringify([await db().apiKey.findMany(), await db().auditEvent.findMany()], (_name, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(kept).toContain(key.slice(0, 13))
    expect(kept).not.toContain(key.slice(9, 25))
  })

  test('begins otherwise at the production registry', async () => {
    const { registry } = env().orcid
    Object.assign(env().orcid, { registry: 'production' })
    try {
      expect((await addSystem(admin)).key).toMatch(/^cnc_live_/)
    } finally {
      Object.assign(env().orcid, { registry })
    }
  })

  test('is beside others, and each is revoked at once by itself, with the time that it was last used', async () => {
    const { id, key, keyId } = await addSystem(admin)
    const second = await makeKey(admin, id, { kind: 'key', name: 'second', expiresOn: null, requestId: 'test' })
    expect(await present(second.key)).toHaveProperty('actor')
    await revokeKey(admin, keyId, 'test')
    await revokeKey(admin, keyId, 'test')
    expect(await present(key)).toEqual({ fault: 'revoked_key' })
    expect(await present(second.key)).toHaveProperty('actor')
    const [first, other] = await db().apiKey.findMany({ orderBy: { name: 'asc' } })
    expect([first?.lastUsedAt, other?.lastUsedAt]).toEqual([null, expect.any(Date)])
    expect(await db().auditEvent.count({ where: { action: 'key.revoked' } })).toBe(1)
  })

  test('that is missing, mistyped, unknown, expired, stopped or from elsewhere is refused with its reason', async () => {
    const { id, key, keyId } = await addSystem(admin, { networks: ['192.0.2.0/24'] })
    const last = key.endsWith('a') ? 'b' : 'a'
    expect(await authenticateApi({ authorization: null, address: null })).toEqual({ fault: 'missing_key' })
    expect(await authenticateApi({ authorization: `Basic ${key}`, address: null })).toEqual({ fault: 'malformed_key' })
    expect(await present(key.slice(0, -1) + last)).toEqual({ fault: 'malformed_key' })
    expect(await present(makeKeyText('test'))).toEqual({ fault: 'unknown_key' })
    expect(await present(key)).toEqual({ fault: 'network' })
    expect(await present(key, '198.51.100.1')).toEqual({ fault: 'network' })
    expect(await present(key, '192.0.2.9')).toHaveProperty('actor')
    await db().system.update({ where: { id }, data: { networks: [], expiresOn: new Date('2020-01-01') } })
    expect(await present(key)).toEqual({ fault: 'system_expired' })
    await stopSystem(admin, id, 'test')
    expect(await present(key)).toEqual({ fault: 'system_stopped' })
    await db().apiKey.update({ where: { id: keyId }, data: { expiresAt: new Date() } })
    expect(await present(key)).toEqual({ fault: 'expired_key' })
  })

  test('lets nobody in after a restore, until an administrator says so', async () => {
    const { key } = await addSystem(admin)
    await db().$transaction((tx) => stopAllSystems(tx))
    expect(await present(key)).toEqual({ fault: 'system_stopped' })
  })

  test('is counted with all keys of its system, and no more is counted than it may send', async () => {
    const { key } = await addSystem(admin, { perMinute: 2 })
    const found = await present(key)
    if (!('actor' in found)) throw new Error(found.fault)
    const counted = [await countRequest(found.actor), await countRequest(found.actor), await countRequest(found.actor)]
    expect(counted.map(({ remaining, isAllowed }) => [remaining, isAllowed])).toEqual([
      [1, true],
      [0, true],
      [0, false],
    ])
    for (const { limit, resetS } of counted) expect([limit, resetS > 0 && resetS <= 60]).toEqual([2, true])
  })
})

describe('a client', () => {
  test('is no key, and its token is one for a quarter of an hour and for no more than was asked', async () => {
    const { id } = await addSystem(admin)
    const client = await makeClient(id)
    expect(await present(client.key)).toEqual({ fault: 'unknown_key' })
    const found = await authenticateClient({ clientId: client.id, secret: client.key, address: null })
    if (!('actor' in found)) throw new Error(found.fault)
    const token = await issueToken(found.actor, ['people:read'])
    expect(await present(token)).toMatchObject({ actor: { systemId: id, keyId: client.id, rights: ['people:read'] } })
    expect(JSON.stringify(await db().accessToken.findMany())).not.toContain(token)
    await db().accessToken.updateMany({ data: { expiresAt: new Date() } })
    expect(await present(token)).toEqual({ fault: 'expired_key' })
  })

  test('that is revoked takes its tokens with it at once', async () => {
    const { id } = await addSystem(admin)
    const client = await makeClient(id)
    const found = await authenticateClient({ clientId: client.id, secret: client.key, address: null })
    if (!('actor' in found)) throw new Error(found.fault)
    const token = await issueToken(found.actor, ['people:read'])
    expect(await present(token)).toHaveProperty('actor')
    await revokeKey(admin, client.id, 'test')
    expect(await present(token)).toEqual({ fault: 'revoked_key' })
  })

  test('is let in by its own secret alone', async () => {
    const { id, key, keyId } = await addSystem(admin)
    const [client, other] = [await makeClient(id), await makeClient(id)]
    const ask = (clientId: string, secret: string) => authenticateClient({ clientId, secret, address: null })
    expect(await ask(client.id, other.key)).toEqual({ fault: 'unknown_key' })
    expect(await ask(keyId, key)).toEqual({ fault: 'unknown_key' })
    expect(await ask('nobody', client.key)).toEqual({ fault: 'malformed_key' })
  })
})
