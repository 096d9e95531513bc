import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copyCold } from '@/scripts/cold-copy'
import { dumpDatabase } from '@/scripts/dumps'
import { addInvited } from '@/tests/support/invitations'
import { connect, decideAtOrcid, goToOrcid, until } from '@/tests/support/journey'
import { makeRestorable, type Restorable } from '@/tests/support/restorable'
import { Visitor } from '@/tests/support/visitor'

const admin = '0000-0099-5475-2774'
const withdrawing = '0000-0099-9458-0735'
const erasing = '0000-0002-1825-0097'
const widening = '0000-0099-4262-1291'
const travelling = '0000-0099-9722-0030'
const refusing = '0000-0099-9540-6130'

let fixture: Restorable
/** The way back from ORCID of somebody who was there while the backup was made. */
let callback: string
const visitors: Record<string, Visitor> = {}
/** Personal links of people on the roster, by what they do after the backup. */
const invited: Record<'asks' | 'refuses' | 'returns', { token: string; personId: string }> = {} as never

const backup = () => join(fixture.directory, 'backup')
const stack = () => ({ portal: fixture.portal(), registry: fixture.registry })
const visitorOf = (orcid: string) => visitors[orcid] ?? new Visitor()
const post = (orcid: string, path: string, fields: [string, string][] = []) =>
  visitorOf(orcid).post(`${fixture.portal().url}${path}`, fields)
const pathOf = (location: string | null) => new URL(location ?? '', fixture.portal().url).pathname
const isLive = async (orcid: string) =>
  (await fixture.registry.state()).tokens.filter((t) => t.live && t.orcid === orcid)
const idOf = async (orcid: string) =>
  String((await fixture.rows('select id from researcher where orcid = $1', [orcid]))[0]?.id)
const statesOf = async (orcid: string) => {
  const sql = `select g.state::text from "grant" g join researcher r on r.id = researcher_id where orcid = $1 order by granted_at`
  return (await fixture.rows(sql, [orcid])).map(({ state }) => state)
}
const openRestores = () => fixture.rows('select * from restore where released_at is null')
const tellLedger = () => fixture.rows(`select 1 from graphile_worker.add_job('ledger')`)
const whenChecked = () => until('it was checked', async () => (await openRestores())[0]?.checked_at, 90_000)
const asked = async () => {
  const { tokenRequests, revokeRequests } = await fixture.registry.state()
  return { exchanges: tokenRequests.length, revocations: revokeRequests.length }
}

/** Everybody connects; one is at ORCID, one exchange is cut off, and then the files are copied. */
async function liveUntilTheBackup(): Promise<void> {
  await fixture.start()
  for (const orcid of [admin, withdrawing, erasing]) {
    visitors[orcid] = (await connect(stack(), { orcid })).visitor
  }
  visitors[widening] = (await connect(stack(), { orcid: widening, scopes: ['/read-limited'] })).visitor
  visitors[travelling] = new Visitor()
  callback = await goToOrcid(stack(), visitorOf(travelling), { orcid: travelling })
  await invitePeople()
  await addSystems()
  const made = await post(admin, '/staff/team/invitations', [['role', 'admin']])
  expect(made.status).toBe(303)
  await tellLedger()
  await until(
    'the ledger has begun',
    async () => (await fixture.rows('select ledger_mark from installation'))[0]?.ledger_mark,
    90_000,
  )
}

async function invitePeople(): Promise<void> {
  for (const does of ['asks', 'refuses', 'returns'] as const) {
    invited[does] = await addInvited(fixture, { local_id: does, email: `${does}@example.org`, given_name: undefined })
  }
  expect((await post('', '/i/do-not-ask', [['token', invited.returns.token]])).status).toBe(303)
  await fixture.rows(`insert into mail_suppression (address_hash, reason) values ('0ff', 'bounced')`)
  await fixture.rows(`insert into objection (hash, reason) values ('0ff', 'objected')`)
}

/** Two systems, of which one is paused. */
async function addSystems(): Promise<void> {
  await fixture.rows(`insert into system (name, contact, operator, made_by_id)
    select name, 'it@example.org', 'institution', (select id from staff_member limit 1) from unnest(array['CRIS', 'HR']) name`)
  await chooseFor('HR', '/me/systems/stop', [['kind', 'paused']])
}

async function chooseFor(name: string, path: string, fields: [string, string][] = []): Promise<void> {
  const [system] = await fixture.rows('select id from system where name = $1', [name])
  expect((await post(widening, path, [['system', String(system?.id)], ...fields])).status).toBe(303)
}

/** What people say of mail and of being asked that the backup does not know. */
async function wantNoMail(): Promise<void> {
  const { asks, refuses, returns } = invited
  expect((await post('', '/i/do-not-ask', [['token', asks.token]])).status).toBe(303)
  const again: [string, string][] = [
    ['token', returns.token],
    ['again', 'yes'],
  ]
  expect((await post('', '/i/do-not-ask', again)).status).toBe(303)
  const visitor = new Visitor()
  const start = await visitor.post(`${fixture.portal().url}/i/start`, [['token', refuses.token]])
  await visitor.get(await decideAtOrcid(visitor, start, { orcid: refusing, decision: 'deny' }))
  await fixture.rows(
    `insert into mail_suppression (address_hash, reason, person_id) values ('a11', 'unsubscribed', $1)`,
    [asks.personId],
  )
  await fixture.rows(`delete from mail_suppression where address_hash = '0ff'`)
  await fixture.rows(`delete from objection where hash = '0ff'`)
}

/** What the backup does not know. The last of it, a withdrawal, is told to the ledger with all the rest. */
async function liveOn(): Promise<{ erased: string }> {
  const erased = await idOf(erasing)
  await fixture.rows(`update person set local_id = 'hr-7' where orcid = $1`, [erasing])
  await wantNoMail()
  await chooseFor('CRIS', '/me/systems/stop', [['kind', 'stopped']])
  await chooseFor('HR', '/me/systems/again')
  expect(pathOf((await visitorOf(travelling).clone().get(callback)).location)).toBe('/connect/connected')
  await connect(stack(), { orcid: widening }, visitorOf(widening).clone())
  expect(pathOf((await post(erasing, '/me/erasure', [['sure', 'yes']])).location)).toBe('/erased')
  expect(pathOf((await post(withdrawing, '/me/withdrawal')).location)).toBe('/me/withdrawn')
  const waiting =
    'select (select count(*) from ledger_entry) + (select count(*) from revocation where confirmed_at is null) as n'
  await until('the ledger and ORCID know it all', async () => (await fixture.rows(waiting))[0]?.n === '0', 90_000)
  return { erased }
}

beforeAll(async () => {
  fixture = await makeRestorable({ STAFF_ADMINS: admin })
  await liveUntilTheBackup()
})

afterAll(() => fixture.remove())

describe('a database that was restored from a copy of its files', () => {
  let erased: string
  let before: Awaited<ReturnType<typeof asked>>

  test('is copied only while it is stopped, and its tokens open after the restore', async () => {
    expect(() => copyCold(fixture.postgres, backup())).toThrow('A database is running in')
    await fixture.stop()
    expect(await fixture.run('backup', '--data', fixture.postgres, backup())).toMatchObject({ ended: 'exit code 0' })
    await fixture.start()
    expect(await openRestores()).toEqual([])
    erased = (await liveOn()).erased
    await fixture.stop()
    before = await asked()
    expect(await fixture.run('restore', '--data', fixture.postgres, backup())).toMatchObject({ ended: 'exit code 0' })
    await fixture.start()
    await whenChecked()
    const verified = await fixture.run('keys', 'verify')
    expect(verified).toEqual({ ended: 'exit code 0', output: expect.stringMatching(/^\d+ open, 0 do not\.$/m) })
  }, 180_000)

  test('has erased again who had been erased, and ended again what had ended', async () => {
    expect(await fixture.rows('select 1 from researcher where orcid = $1', [erasing])).toEqual([])
    expect(
      await fixture.rows('select reason::text, actor_kind::text from erasure where researcher_id = $1', [erased]),
    ).toEqual([{ reason: 'repeated', actor_kind: 'system' }])
    expect(await statesOf(withdrawing)).toEqual(['withdrawn_here'])
    expect(await statesOf(widening)).toEqual(['superseded'])
    expect(await openRestores()).toMatchObject([{ found_by: 'command', erased: 1, ended: 2, lost: 2, unreadable: 0 }])
  })

  test('has not forgotten who refused, asked for no mail or wants some again: nobody is asked once more', async () => {
    const { asks, refuses } = invited
    expect(
      await fixture.rows(`select person_id, reason::text, until > now() + interval '11 months' as year from do_not_ask
        order by reason::text`),
    ).toEqual([
      { person_id: asks.personId, reason: 'asked', year: null },
      { person_id: refuses.personId, reason: 'refused', year: true },
    ])
    expect(await fixture.rows('select address_hash, reason::text, person_id from mail_suppression')).toEqual([
      { address_hash: 'a11', reason: 'unsubscribed', person_id: asks.personId },
    ])
    expect(
      await fixture.rows(
        `select local_id, ended::text from invitation i join person p on p.id = i.person_id order by 1`,
      ),
    ).toEqual([
      { local_id: 'asks', ended: 'declined' },
      { local_id: 'refuses', ended: 'declined' },
      { local_id: 'returns', ended: 'declined' },
    ])
    // The history does not say who declined.
    const events = await fixture.rows(`select action from audit_event where detail->>'because' = 'restored'
      and action ~ '^(invitation|mail)' order by action`)
    expect(events.map(({ action }) => action)).toEqual(['mail.suppressed', 'mail.unsuppressed'])
  })

  test('has not forgotten who stopped a system, and who lets one go on', async () => {
    const stops = 'select name, kind::text from system_stop join system on system.id = system_id'
    expect(await fixture.rows(stops)).toEqual([{ name: 'CRIS', kind: 'stopped' }])
    const events = await fixture.rows(`select action, detail->>'system' as system from audit_event
      where detail->>'because' = 'restored' and action like 'use.%' order by action`)
    expect(events).toEqual([
      { action: 'use.allowed', system: 'HR' },
      { action: 'use.stopped', system: 'CRIS' },
    ])
  })

  test('has not forgotten who may not be on the roster, and who may again', async () => {
    expect(await fixture.rows('select reason::text, length(hash) from objection')).toEqual([
      { reason: 'own_request', length: 64 },
    ])
  })

  test('signs everybody out, and takes no link and no code of before: a second use would destroy a grant', async () => {
    expect(pathOf((await visitorOf(withdrawing).get(`${fixture.portal().url}/me`)).location)).toBe('/sign-in')
    expect(pathOf((await visitorOf(travelling).get(callback)).location)).toBe('/connect/expired')
    expect(await fixture.rows('select 1 from staff_invitation where withdrawn_at is null')).toEqual([])
    expect(await asked()).toEqual(before)
    expect(await isLive(travelling)).toHaveLength(1)
  })

  test('asks nobody for anything and sends nothing to ORCID, but lets people sign in and withdraw', async () => {
    expect(pathOf((await post(widening, '/connect/start')).location)).toBe('/connect/unavailable')
    const { visitor } = await connect(stack(), { orcid: admin, purpose: 'sign-in' })
    visitors[admin] = visitor
    const page = await visitor.get(`${fixture.portal().url}/staff/restored`)
    const said = [
      'One erased person came back and was erased again.',
      '2 ended permissions came back and were ended again.',
      '2 permissions given in that time are lost.',
    ]
    expect(said.filter((words) => !page.body.includes(words))).toEqual([])
    const list = await visitor.get(`${fixture.portal().url}/staff/researchers/export?format=csv`)
    expect(pathOf(list.location)).toBe('/staff/restored')
    await fixture.rows(`select 1 from graphile_worker.add_job('revoke')`)
    const putBack = `select 1 from graphile_worker.jobs where key = 'held:revoke:{}'`
    await until('the job was put back', async () => (await fixture.rows(putBack)).length > 0)
    expect((await asked()).revocations).toBe(before.revocations)
    expect(await fixture.rows('select 1 from revocation where confirmed_at is null')).not.toEqual([])
  }, 120_000)

  test('goes on as before once an administrator has released it', async () => {
    const ledger = readFileSync(fixture.ledger, 'utf8')
    const released = await post(admin, '/staff/restored/release', [['sure', 'yes']])
    expect(pathOf(released.location)).toBe('/staff/restored')
    await until(
      'nothing waits',
      async () => (await fixture.rows('select 1 from revocation where confirmed_at is null')).length === 0,
    )
    const { answer } = await connect(stack(), { orcid: erasing })
    expect(pathOf(answer.location)).toBe('/connect/connected')
    await tellLedger()
    await until('the ledger goes on', async () => readFileSync(fixture.ledger, 'utf8').length > ledger.length, 90_000)
    expect(readFileSync(fixture.ledger, 'utf8').startsWith(ledger)).toBe(true)
    const events = await fixture.rows(
      `select action, actor_kind::text from audit_event where action like 'restore.%' order by id`,
    )
    expect(events).toEqual([
      { action: 'restore.found', actor_kind: 'system' },
      { action: 'restore.released', actor_kind: 'staff' },
    ])
  }, 120_000)

  test('has told the ledger no name, no iD and no token', async () => {
    const told = readFileSync(fixture.ledger, 'utf8')
    const { tokens } = await fixture.registry.state()
    for (const { accessToken, orcid } of tokens) {
      expect(told).not.toContain(accessToken)
      // The portal's own tokens are nobody's.
      if (orcid) expect(told).not.toContain(orcid)
    }
    const words = new Set(told.match(/[a-z_]{3,}/gi)?.filter((word) => !/^[0-9a-f]+$/.test(word)))
    expect([...words].sort()).toEqual(
      [
        'asked',
        'bounced',
        'concord',
        'declined',
        'ended',
        'erased',
        'granted',
        'installedAt',
        'ledger',
        'lifted',
        'local',
        'mark',
        'null',
        'objected',
        'own_request',
        'paused',
        'refused',
        'registry',
        'stopped',
        'superseded',
        'suppressed',
        'unsubscribed',
        'withdrawn_here',
      ].sort(),
    )
  })
})

describe('a dump', () => {
  const path = process.env.PATH
  afterAll(() => {
    process.env.PATH = path
  })

  test('is refused in words where pg_dump is missing, or older than the server', async () => {
    const tools = join(fixture.directory, 'tools')
    mkdirSync(tools)
    process.env.PATH = tools
    const dump = () => dumpDatabase(fixture.url(), join(fixture.directory, 'dump'))
    await expect(dump()).rejects.toThrow(
      /^pg_dump is not on the PATH: install PostgreSQL's client programs, version \d+/,
    )
    const older = '#!/bin/sh\necho "pg_dump (PostgreSQL) 14.19 (Debian 14.19-1)"\n'
    writeFileSync(join(tools, 'pg_dump'), older, { mode: 0o755 })
    await expect(dump()).rejects.toThrow(/^pg_dump is of version 14, and the server of version \d+: install/)
    expect(existsSync(join(fixture.directory, 'dump'))).toBe(false)
  })
})

describe('without the command', () => {
  const mark = async () => (await fixture.rows('select ledger_mark, ledger_next_mark from installation'))[0]

  test('a copy that somebody puts in place by hand is found out at its start, before it serves anything', async () => {
    await fixture.stop()
    rmSync(join(fixture.postgres, 'data'), { recursive: true })
    spawnSync('cp', ['-a', join(backup(), 'data'), fixture.postgres])
    await fixture.start()
    expect(await openRestores()).toMatchObject([{ found_by: 'ledger_ahead' }])
    expect(pathOf((await post(widening, '/connect/start')).location)).toBe('/connect/unavailable')
    await whenChecked()
    expect(await fixture.run('restore', '--release')).toEqual({
      ended: 'exit code 0',
      output: expect.stringMatching(/^Released/),
    })
    expect(await openRestores()).toEqual([])
  }, 120_000)

  test('a crash between a line and its note, or in the middle of a line, is no restore and loses no line', async () => {
    await tellLedger()
    await until(
      'the ledger has gone on',
      async () => (await mark())?.ledger_next_mark === null && (await mark())?.ledger_mark,
    )
    const lines = readFileSync(fixture.ledger, 'utf8').trimEnd().split('\n')
    const marks = lines.slice(1).map((line) => JSON.parse(line).mark)
    await fixture.rows('update installation set ledger_mark = $1, ledger_next_mark = $2', [marks.at(-2), marks.at(-1)])
    const start = async () => pathOf((await post(widening, '/connect/start')).location)
    expect(await start()).not.toBe('/connect/unavailable')
    writeFileSync(fixture.ledger, readFileSync(fixture.ledger, 'utf8').slice(0, -30))
    expect(await start()).not.toBe('/connect/unavailable')
    await connect(stack(), { orcid: withdrawing })
    await tellLedger()
    await until('the line is there', async () => (await mark())?.ledger_next_mark === null, 90_000)
    const last = readFileSync(fixture.ledger, 'utf8').trimEnd().split('\n').at(-1)
    expect(JSON.parse(last ?? '').mark).toBe((await mark())?.ledger_mark)
    expect(await openRestores()).toEqual([])
  }, 120_000)

  test('a ledger that is gone holds the database, and one of another installation is refused', async () => {
    const ledger = readFileSync(fixture.ledger, 'utf8')
    rmSync(fixture.ledger)
    expect(pathOf((await post(widening, '/connect/start')).location)).toBe('/connect/unavailable')
    writeFileSync(fixture.ledger, ledger.replace(/"installedAt":"\d{4}/, '"installedAt":"1999'))
    expect(pathOf((await post(widening, '/connect/start')).location)).toBe('/connect/unavailable')
    await until('the log says so', async () =>
      fixture.portal().logs.some((line) => line.includes('LEDGER_FILE is the ledger of another installation')),
    )
  })
})
