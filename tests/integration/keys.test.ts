import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { KeyRing } from '@/lib/crypto/sealed'
import { prepareInstallation } from '@/lib/installation/commands'
import { sealedTables } from '@/lib/keys/sealed-table'
import { portalEnv } from '@/scripts/portal'
import { createTestDatabase, emptyTables, type TestDatabase } from '@/tests/support/database'
import { until } from '@/tests/support/journey'
import { runKeys, startKeys } from '@/tests/support/keys-command'
import { testSecrets } from '@/tests/support/portal'
import { addSealedGrants, makeSealingKey, type SealedPerson, sealInstallation } from '@/tests/support/sealed-grants'

const registry = { url: 'http://127.0.0.1:9', clientId: 'APP-TEST', clientSecret: 'b6c7a1d4-not-asked' }
const older = makeSealingKey('k1')
const newer = makeSealingKey('k2')
const both = `${newer.text},${older.text}`

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})

afterAll(async () => {
  await client.end()
  await database.drop()
})

beforeEach(async () => {
  await emptyTables(client)
  await client.query('delete from installation')
  await sealInstallation(client, new KeyRing([older]))
})

const withKeys = (tokenKeys: string) => ({ databaseUrl: database.portalUrl, tokenKeys, registry })
const ofGrant = (row: string, column = 'sealed_access_token') => ({ table: 'grant', row, column, registry: 'local' })

const withdraw = 'update "grant" set sealed_access_token = null, sealed_refresh_token = null, sealed_response = null'

async function countUnder(keyId: string): Promise<number> {
  const { rows } = await client.query(
    `select count(*) from "grant" where sealed_access_token like $1 and sealed_response like $1`,
    [`c1.${keyId}.%`],
  )
  return Number(rows[0]?.count)
}

/** The access token of each person whose grant still has one, opened with one key alone. */
async function openAll(people: SealedPerson[]): Promise<Map<string, string>> {
  const ring = new KeyRing([newer])
  const { rows } = await client.query(
    'select id, sealed_access_token as sealed from "grant" where sealed_access_token is not null',
  )
  const opened = new Map(rows.map(({ id, sealed }) => [String(id), ring.open(sealed, ofGrant(id))]))
  expect(people.length).toBeGreaterThanOrEqual(opened.size)
  return opened
}

test('every sealed column of the schema is known to rotation, with its table', async () => {
  const { rows } = await client.query(
    `select table_name || '.' || column_name as place from information_schema.columns
     where table_schema = 'public' and column_name like 'sealed%' and data_type = 'text'`,
  )
  const known = sealedTables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column}`))
  expect(known.sort()).toEqual(rows.map(({ place }) => place).sort())
})

describe('rotation', () => {
  test('seals everything anew under the first key, says so, and needs the older key no longer', async () => {
    const people = await addSealedGrants(client, new KeyRing([older]), 50)
    const rotated = await runKeys('rotate', withKeys(both))
    expect(rotated).toEqual({ ended: 'exit code 0', output: expect.stringContaining('Sealed anew under k2: 152 in') })
    expect(rotated.output).toContain('Everything is sealed under k2.')
    expect(await openAll(people)).toEqual(new Map(people.map((person) => [person.grantId, person.accessToken])))
    expect(await runKeys('verify', withKeys(newer.text))).toEqual({
      ended: 'exit code 0',
      output: expect.stringContaining('152 open, 0 do not.'),
    })
    const status = await runKeys('status', withKeys(both))
    expect(status.output).toMatch(/k2 {2}seals what is new\n.*grant\.sealed_access_token +50\n/)
    expect(status.output).toMatch(/k1 {2}opens\n +nothing: it may be taken away$/)
    const events = await client.query(`select action, detail from audit_event order by id`)
    expect(events.rows).toEqual([
      { action: 'keys.rotation_started', detail: { key: 'k2', ciphertexts: 152 } },
      { action: 'keys.rotated', detail: { key: 'k2', ciphertexts: 152, unopened: 0 } },
    ])
  })

  test('is told to do nothing where nothing is to be done, and writes no event', async () => {
    await runKeys('rotate', withKeys(both))
    const again = await runKeys('rotate', withKeys(both))
    expect(again).toEqual({ ended: 'exit code 0', output: expect.stringContaining('Sealed anew under k2: 0 in') })
    expect((await client.query('select 1 from audit_event')).rowCount).toBe(2)
  })

  test('killed at random moments and run again, ends with everything readable with the new key alone', {
    tags: 'release',
    timeout: 180_000,
  }, async () => {
    const people = await addSealedGrants(client, new KeyRing([older]), 2_500)
    // However fast the machine is, none gets to its end before it is killed: somebody holds a row.
    const other = new pg.Client({ connectionString: database.url })
    await other.connect()
    await other.query('begin')
    await other.query('select 1 from "grant" where id = $1 for update', [people[0]?.grantId])
    const begun = `select 1 from audit_event where action = 'keys.rotation_started'`
    for (let kills = 0; kills < 3; kills++) {
      const running = startKeys('rotate', withKeys(both))
      await until('it works', async () => (await client.query(begun)).rowCount === kills + 1)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 250))
      await running.kill()
      const [canary] = (await client.query('select sealed_canary from installation')).rows
      expect(canary?.sealed_canary).toMatch(/^c1\.k1\./)
    }
    await other.query('rollback')
    await other.end()
    expect(await runKeys('rotate', withKeys(both))).toMatchObject({ ended: 'exit code 0' })
    expect(await openAll(people)).toEqual(new Map(people.map((person) => [person.grantId, person.accessToken])))
    expect(await runKeys('verify', withKeys(newer.text))).toMatchObject({ ended: 'exit code 0' })
  })

  test('never overwrites what was withdrawn between its reading and its writing', async () => {
    const people = await addSealedGrants(client, new KeyRing([older]), 30)
    const withdrawn = people[7]?.grantId ?? ''
    const other = new pg.Client({ connectionString: database.url })
    await other.connect()
    await other.query('begin')
    await other.query('lock table "grant" in share mode')
    const running = startKeys('rotate', withKeys(both))
    const waiting = `select 1 from pg_locks where not granted and relation = '"grant"'::regclass`
    await until('it has read and wants to write', async () => (await client.query(waiting)).rowCount)
    await other.query(`${withdraw} where id = $1`, [withdrawn])
    await other.query('commit')
    await other.end()
    expect(await running.ended).toBe('exit code 0')
    const kept = await openAll(people)
    expect([kept.size, kept.has(withdrawn)]).toEqual([people.length - 1, false])
  })

  test('never overwrites what changed meanwhile, and waits for nobody: a row that is held is met again', async () => {
    const people = await addSealedGrants(client, new KeyRing([older]), 1_500)
    const [withdrawn, touched] = [people[5], people[1_400]]
    const other = new pg.Client({ connectionString: database.url })
    await other.connect()
    await other.query('begin')
    await other.query(`${withdraw} where id = $1`, [withdrawn?.grantId])
    await other.query('update "grant" set name_given = $2 where id = $1', [touched?.grantId, 'Ada'])
    const running = startKeys('rotate', withKeys(both))
    await until('all others are sealed anew', async () => (await countUnder('k2')) === people.length - 2)
    expect(running.hasEnded()).toBe(false)
    await other.query('commit')
    await other.end()
    expect(await running.ended).toBe('exit code 0')
    const kept = await openAll(people)
    expect(kept.has(withdrawn?.grantId ?? '')).toBe(false)
    expect(kept.get(touched?.grantId ?? '')).toBe(touched?.accessToken)
    expect(kept.size).toBe(people.length - 1)
  })

  test('cut short, leaves a database on which the new key alone is refused, by portal and command alike', async () => {
    await addSealedGrants(client, new KeyRing([older]), 10)
    await addSealedGrants(client, new KeyRing([newer]), 10, 10)
    const refusal = 'TOKEN_KEYS do not open what this database holds'
    expect(await runKeys('rotate', withKeys(newer.text))).toEqual({
      ended: 'exit code 1',
      output: expect.stringContaining(refusal),
    })
    Object.assign(
      process.env,
      portalEnv({ ...withKeys(''), port: 9, secrets: { ...testSecrets, tokenKeys: newer.text } }),
    )
    await expect(prepareInstallation()).rejects.toThrow(refusal)
  })

  test('seals what opens, names what does not, and still fails', async () => {
    const people = await addSealedGrants(client, new KeyRing([older]), 5)
    const lost = people[0]?.grantId ?? ''
    const foreign = new KeyRing([makeSealingKey('k0')])
    await client.query('update "grant" set sealed_response = $2 where id = $1', [
      lost,
      foreign.seal('x', ofGrant(lost, 'sealed_response')),
    ])
    const { ended, output } = await runKeys('rotate', withKeys(both))
    expect(ended).toBe('exit code 1')
    expect(output).toContain(`does not open: grant ${lost} sealed_response: No sealing key "k0" in the ring`)
    expect((await openAll(people)).size).toBe(5)
    const status = await runKeys('status', withKeys(both))
    expect(status).toEqual({
      ended: 'exit code 1',
      output: expect.stringMatching(/k0 {2}NOT IN TOKEN_KEYS\n +grant\.sealed_response +1$/),
    })
  })
})

describe('forgetting a lost key', () => {
  const disabled = '--orcid-has-disabled-its-tokens'

  test('ends what was under it as withdrawn at ORCID, and lets the portal go on with another key', async () => {
    const people = await addSealedGrants(client, new KeyRing([older]), 120)
    const ring = new KeyRing([older])
    const id = randomUUID()
    const place = { table: 'revocation', row: id, column: 'sealed_token', registry: 'local' }
    await client.query(
      `insert into revocation (id, grant_id, registry, client_id, reason, sealed_token)
       values ($1, $2, 'local', 'APP-TESTCONCORD00001', 'withdrawn', $3)`,
      [id, people[0]?.grantId, ring.seal('a token', place)],
    )
    const ours = {
      table: 'client_token',
      row: 'APP-TESTCONCORD00001',
      column: 'sealed_access_token',
      registry: 'local',
    }
    await client.query(
      `insert into client_token (id, sealed_access_token, expires_at, obtained_at)
       values ('APP-TESTCONCORD00001', $1, now() + interval '1 year', now())`,
      [ring.seal('a token of the portal', ours)],
    )
    const attemptId = people[0]?.attemptId ?? ''
    const typed = { table: 'authorization_attempt', row: attemptId, column: 'sealed_return', registry: 'local' }
    await client.query('update authorization_attempt set sealed_return = $2 where id = $1', [
      attemptId,
      ring.seal('what somebody typed', typed),
    ])
    expect(await runKeys('forget', withKeys(newer.text), 'k1', disabled)).toEqual({
      ended: 'exit code 0',
      output: 'Given up: 120 grants ended, 1 revocations closed, 0 lost exchanges ended.',
    })
    expect(await runKeys('verify', withKeys(newer.text))).toEqual({
      ended: 'exit code 0',
      // On a busy machine its progress comes before.
      output: expect.stringMatching(/(^|\n)2 open, 0 do not\.$/),
    })
    const states = await client.query(
      `select r.state::text as researcher, g.state::text as grant, count(*)::int from researcher r
       join "grant" g on g.researcher_id = r.id group by 1, 2`,
    )
    expect(states.rows).toEqual([{ researcher: 'withdrawn', grant: 'withdrawn_at_orcid', count: 120 }])
    const { rows } = await client.query(`select detail from audit_event where action = 'keys.forgotten'`)
    expect(rows).toEqual([{ detail: { key: 'k1', forgotten: { grants: 120, revocations: 1, attempts: 0 } } }])
  })

  test('leaves nothing under the lost key in any sealed column', async () => {
    await addSealedGrants(client, new KeyRing([older]), 1)
    await client.query('set session_replication_role = replica')
    const ids = [randomUUID(), randomUUID()]
    for (const sql of [
      `insert into revocation (id, registry, client_id, reason) values ($1, 'local', 'APP-TEST', 'withdrawn')`,
      `insert into webhook (id, system_id, url) values ($1, $2, 'https://example.org/events')`,
      `insert into trial (id, staff_id, client_id, expires_at) values ($1, $2, 'APP-TEST', now())`,
      `insert into trial_step (id, trial_id, kind, sealed_content) values ($2, $1, 'exchange', '')`,
      `insert into export_plan (id, system_id, format, every, hour, place, ends_on, next_at, made_by_id)
       values ($1, $2, 'csv', 'daily', 6, 'sftp', current_date, now(), $2)`,
    ])
      await client.query(sql, sql.includes('$2') ? ids : ids.slice(0, 1))
    await client.query(
      `insert into client_token (id, sealed_access_token, expires_at, obtained_at) values ('APP-TEST', '', now(), now())`,
    )
    for (const { name, columns } of sealedTables)
      for (const column of columns) {
        const { rowCount } = await client.query(`update "${name}" set ${column} = 'c1.k1.' || repeat('A', 22)`)
        expect([name, rowCount]).toEqual([name, 1])
      }
    // What has ended keeps no code.
    await client.query(`update authorization_attempt set state = 'exchanging'`)
    await client.query('set session_replication_role = origin')
    expect(await runKeys('forget', withKeys(newer.text), 'k1', disabled)).toMatchObject({ ended: 'exit code 0' })
    for (const { name, columns } of sealedTables)
      for (const column of columns) {
        const { rows } = await client.query(`select ${column} from "${name}" where ${column} like 'c1.k1.%'`)
        expect([name, column, rows]).toEqual([name, column, []])
      }
  })

  test('is refused for a key that is in the ring, and without the words that say what ORCID has done', async () => {
    const people = await addSealedGrants(client, new KeyRing([older]), 3)
    const { ended, output } = await runKeys('forget', withKeys(both), 'k1', disabled)
    expect([ended, output]).toEqual(['exit code 1', expect.stringContaining('"k1" is in TOKEN_KEYS')])
    expect(await runKeys('forget', withKeys(newer.text), 'k1')).toMatchObject({ ended: 'exit code 1' })
    expect(await countUnder('k1')).toBe(people.length)
  })
})

describe('verifying', () => {
  let people: SealedPerson[]

  beforeEach(async () => {
    people = await addSealedGrants(client, new KeyRing([older]), 20)
  })

  const sealedOf = async (id: string): Promise<string> =>
    (await client.query('select sealed_access_token as sealed from "grant" where id = $1', [id])).rows[0]?.sealed
  const put = (id: string, sealed: string) =>
    client.query('update "grant" set sealed_access_token = $2 where id = $1', [id, sealed])
  const verdict = async (tokenKeys = both) => {
    const { ended, output } = await runKeys('verify', withKeys(tokenKeys))
    for (const { accessToken } of people) expect(output).not.toContain(accessToken)
    return { ended, output, named: output.match(/^does not open: .*$/gm) ?? [] }
  }

  test('opens everything and ends well', async () => {
    expect(await verdict()).toMatchObject({
      ended: 'exit code 0',
      output: expect.stringContaining('62 open, 0 do not.'),
    })
  })

  test('finds a single bit that was flipped', async () => {
    const id = people[3]?.grantId ?? ''
    const parts = (await sealedOf(id)).split('.')
    const body = Buffer.from(parts[3] ?? '', 'base64url')
    const at = Math.floor(Math.random() * body.length * 8)
    body.writeUInt8(body.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3)
    await put(id, [...parts.slice(0, 3), body.toString('base64url')].join('.'))
    const { ended, output, named } = await verdict()
    expect([ended, named.length]).toEqual(['exit code 1', 1])
    expect(output).toContain(`does not open: grant ${id} sealed_access_token:`)
    expect(output).toContain('61 open, 1 do not.')
  })

  test('finds two ciphertexts that were swapped between rows', async () => {
    const ids = [people[1]?.grantId ?? '', people[2]?.grantId ?? '']
    const [first = '', second = ''] = await Promise.all(ids.map(sealedOf))
    await put(ids[0] ?? '', second)
    await put(ids[1] ?? '', first)
    const { ended, named } = await verdict()
    expect([ended, named.length]).toEqual(['exit code 1', 2])
    expect(ids.every((id) => named.some((line) => line.includes(id)))).toBe(true)
  })

  test('says of every row that another key of the same name does not open it', async () => {
    const { ended, output } = await verdict(makeSealingKey('k1').text)
    expect([ended, output]).toEqual(['exit code 1', expect.stringContaining('0 open, 62 do not.')])
  })
})
