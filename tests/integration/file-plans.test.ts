import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { createMessage, decrypt, generateKey, readMessage, readPrivateKey } from 'openpgp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { db } from '@/lib/db'
import {
  askForFile,
  checkPlan,
  confirmHostKey,
  countFailedPlans,
  endPlan,
  makePlan,
  renewPlan,
} from '@/lib/exports/plan-commands'
import { makeFiles } from '@/lib/exports/plan-runs'
import type { PlanEntry } from '@/lib/exports/plan-schema'
import { stopSystem } from '@/lib/systems/commands'
import { connectSomebody } from '@/tests/support/api'
import { numbers, peoplePerFile } from '@/tests/support/people'
import { startSftpServer } from '@/tests/support/sftp-server'
import { addSystem, tell } from '@/tests/support/systems'

const folder = mkdtempSync(join(tmpdir(), 'files-'))
process.env.EXPORT_FOLDER = folder
const fixture = peoplePerFile()
let system: Awaited<ReturnType<typeof addSystem>>
let anna: Awaited<ReturnType<typeof connectSomebody>>
let ben: Awaited<ReturnType<typeof connectSomebody>>
let server: Awaited<ReturnType<typeof startSftpServer>>

beforeAll(async () => {
  server = await startSftpServer()
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

beforeEach(async () => {
  system = await addSystem(fixture.manager)
  anna = await connectSomebody(numbers.a)
  ben = await connectSomebody(numbers.b, 'Ben Ali')
  await tell(system.id, [anna.researcherId, ben.researcherId])
})

const entry: PlanEntry = {
  format: 'jsonl',
  dn: null,
  every: 'daily',
  weekday: null,
  hour: 6,
  place: 'folder',
  host: null,
  port: null,
  username: null,
  path: null,
  recipient: null,
}

const add = (more: Partial<PlanEntry> = {}) => makePlan(fixture.manager, system.id, { ...entry, ...more }, 'test')
const addSftp = async () => {
  const id = await add({ place: 'sftp', host: '127.0.0.1', port: server.port, username: 'concord', path: '/upload' })
  server.settings.allowedKey = (await planOf(id)).publicKey ?? ''
  return id
}
const planOf = (id: string) => db().exportPlan.findUniqueOrThrow({ where: { id } })
const runsOf = (planId: string) => db().exportPlanRun.findMany({ where: { planId }, orderBy: { dueAt: 'asc' } })
const makeDue = (id: string) =>
  fixture.rows(`update export_plan set next_at = now() - interval '1 minute' where id = $1`, [id])
const retryNow = () => fixture.rows('update export_plan_run set next_try_at = now()')
const filesOf = (id: string) => readdirSync(join(folder, id)).sort()
const read = (id: string, name: string) => readFileSync(join(folder, id, name))

async function makeOne(more: Partial<PlanEntry> = {}) {
  const id = await add(more)
  await makeDue(id)
  await makeFiles()
  const [run] = await runsOf(id)
  if (!run?.name) throw new Error(`No file: ${run?.fault}`)
  return { id, run, name: run.name, bytes: read(id, run.name) }
}

const orcidsIn = (bytes: Buffer) =>
  bytes
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).orcid)
    .sort()

describe('a file on a timetable', () => {
  test('is made once for each time that is due, with a manifest that agrees with it', async () => {
    const { id, run, name, bytes } = await makeOne()
    expect(orcidsIn(bytes)).toEqual([anna.orcid, ben.orcid].sort())
    expect(bytes.toString()).not.toMatch(/token|sealed|@/)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(run).toMatchObject({ state: 'done', tries: 1, rows: 2, bytes: BigInt(bytes.length), sha256, fault: null })
    expect(JSON.parse(read(id, `${name}.manifest.json`).toString())).toEqual({
      file: name,
      format: 'jsonl',
      rows: 2,
      bytes: bytes.length,
      sha256,
      system: 'Staff pages',
      made_at: expect.any(String),
    })
    await Promise.all([makeFiles(), makeFiles()])
    expect(await runsOf(id)).toHaveLength(1)
    expect(filesOf(id)).toEqual([name, `${name}.manifest.json`])
    expect((await planOf(id)).nextAt.getTime()).toBeGreaterThan(Date.now())
  })

  test('has nobody who stopped the system, and tells each who is in it', async () => {
    await fixture.rows(`insert into system_stop (system_id, researcher_id, kind) values ($1, $2, 'stopped')`, [
      system.id,
      anna.researcherId,
    ])
    expect(orcidsIn((await makeOne()).bytes)).toEqual([ben.orcid])
    const parts = await db().exportPart.findMany({ where: { action: 'system.file_made' } })
    expect(parts.flatMap(({ personIds }) => personIds)).toEqual([ben.id])
    expect(await db().systemUse.count({ where: { systemId: system.id, right: 'people:read' } })).toBe(1)
  })

  test('is not made for a system that is stopped', async () => {
    const id = await add()
    await stopSystem(fixture.manager, system.id, 'test')
    await makeDue(id)
    await makeFiles()
    expect(await runsOf(id)).toMatchObject([{ state: 'skipped', fault: 'system_stopped', name: null }])
  })

  test('is not made after the last day until somebody renews it, and never after its end', async () => {
    const id = await add()
    await fixture.rows(`update export_plan set ends_on = current_date - 2, next_at = now() - interval '1 day'`)
    await makeFiles()
    expect(await runsOf(id)).toEqual([])
    await renewPlan(fixture.manager, id, 'test')
    expect((await planOf(id)).endsOn.getTime()).toBeGreaterThan(Date.now() + 360 * 86_400_000)
    await makeDue(id)
    await makeFiles()
    expect(await runsOf(id)).toHaveLength(1)
    await endPlan(fixture.manager, id, 'test')
    await makeDue(id)
    await makeFiles()
    expect(await runsOf(id)).toHaveLength(1)
    expect(await askForFile(fixture.manager, id, 'test')).toBe(false)
  })

  test.each([
    ['names', (text: string) => parse(text).map(({ id }: { id: string }) => id)],
    ['ldif', (text: string) => [...text.matchAll(/^eduPersonOrcid: .*\/(\S+)$/gm)].map(([, orcid]) => orcid)],
    [
      'csv',
      (text: string) =>
        text
          .split('\r\n')
          .slice(1, -1)
          .map((line) => line.slice(0, 19)),
    ],
  ] as const)('may be %s', async (format, readIds) => {
    const dn = format === 'ldif' ? 'cn={orcid},dc=example,dc=org' : null
    const { bytes } = await makeOne({ format, dn })
    expect(readIds(bytes.toString()).sort()).toEqual([anna.orcid, ben.orcid].sort())
  })
})

describe('a file for a receiver with a key', () => {
  test('is opened by the identity of age, and the checksum is that of what was written', async () => {
    const identity = await generateIdentity()
    const { bytes, name, run } = await makeOne({ recipient: await identityToRecipient(identity) })
    expect(name).toMatch(/\.jsonl\.age$/)
    expect(run.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(bytes.toString()).not.toContain(anna.orcid)
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    expect(orcidsIn(Buffer.from(await decrypter.decrypt(bytes)))).toEqual([anna.orcid, ben.orcid].sort())
  })

  test('is opened by the private key of OpenPGP', async () => {
    const pair = await generateKey({ userIDs: [{ email: 'repository@example.org' }], type: 'curve25519' })
    const { bytes, name } = await makeOne({ recipient: pair.publicKey })
    expect(name).toMatch(/\.jsonl\.pgp$/)
    const { data } = await decrypt({
      message: await readMessage({ binaryMessage: bytes }),
      decryptionKeys: await readPrivateKey({ armoredKey: pair.privateKey }),
      format: 'binary',
    })
    expect(orcidsIn(Buffer.from(data as Uint8Array))).toEqual([anna.orcid, ben.orcid].sort())
    expect(createMessage).toBeDefined()
  })
})

describe('by SFTP', () => {
  test('goes only to a server whose host key an administrator confirmed', async () => {
    const id = await addSftp()
    expect(await checkPlan(fixture.manager, id)).toBe('host_key_new')
    const { offeredHostKey } = await planOf(id)
    expect(offeredHostKey).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
    expect(await confirmHostKey(fixture.manager, id, 'SHA256:another', 'test')).toBe(false)
    expect(await confirmHostKey(fixture.manager, id, offeredHostKey ?? '', 'test')).toBe(true)
    expect(await checkPlan(fixture.manager, id)).toBeNull()
    await makeDue(id)
    await makeFiles()
    const [run] = await runsOf(id)
    expect(run).toMatchObject({ state: 'done', rows: 2, fault: null })
    expect(server.files()).toEqual([run?.name, `${run?.name}.manifest.json`])
    expect(
      createHash('sha256')
        .update(server.read(run?.name ?? ''))
        .digest('hex'),
    ).toBe(run?.sha256)
  })

  test('stops at once where the host key has changed, says so, and alerts', async () => {
    const id = await addSftp()
    await checkPlan(fixture.manager, id)
    await confirmHostKey(fixture.manager, id, (await planOf(id)).offeredHostKey ?? '', 'test')
    await server.changeHostKey()
    const before = server.files()
    await makeDue(id)
    await makeFiles()
    expect(await runsOf(id)).toMatchObject([{ state: 'failed', tries: 1, fault: 'host_key_changed' }])
    expect(server.files()).toEqual(before)
    expect((await countFailedPlans()).count).toBe(1)
    const failed = await db().auditEvent.findMany({ where: { action: 'file_plan.failed' } })
    expect(failed.map(({ detail }) => detail)).toMatchObject([{ planId: id, fault: 'host_key_changed' }])
  })

  test('is tried again where the connection breaks off, leaves nothing under its name, and alerts in the end', async () => {
    const id = await addSftp()
    await checkPlan(fixture.manager, id)
    await confirmHostKey(fixture.manager, id, (await planOf(id)).offeredHostKey ?? '', 'test')
    const before = server.files().filter((name) => !name.startsWith('.'))
    server.settings.breaksAfterBytes = 10
    await makeDue(id)
    await makeFiles()
    expect(await runsOf(id)).toMatchObject([{ state: 'waiting', tries: 1, fault: 'broken_off' }])
    expect((await countFailedPlans()).count).toBe(0)
    for (let n = 0; n < 3; n++) {
      await retryNow()
      await makeFiles()
    }
    expect(await runsOf(id)).toMatchObject([{ state: 'failed', tries: 4, fault: 'broken_off' }])
    expect((await countFailedPlans()).count).toBe(1)
    expect(server.files().filter((name) => !name.startsWith('.'))).toEqual(before)
    server.settings.breaksAfterBytes = Number.POSITIVE_INFINITY
    expect(await askForFile(fixture.manager, id, 'test')).toBe(true)
    await makeFiles()
    expect((await countFailedPlans()).count).toBe(0)
  })

  test('says in words when the server does not take our key', async () => {
    const id = await addSftp()
    await checkPlan(fixture.manager, id)
    await confirmHostKey(fixture.manager, id, (await planOf(id)).offeredHostKey ?? '', 'test')
    server.settings.allowedKey = ''
    expect(await checkPlan(fixture.manager, id)).toBe('signing_in')
  })
})

test('a run whose process died is made anew, and its file replaces the half one', async () => {
  const id = await add()
  await makeDue(id)
  await makeFiles()
  await fixture.rows(`update export_plan_run set state = 'running', claimed_until = now() - interval '1 minute'`)
  await makeFiles()
  const [run] = await runsOf(id)
  expect(run).toMatchObject({ state: 'done', tries: 2 })
  expect(filesOf(id)).toEqual([run?.name, `${run?.name}.manifest.json`])
})
