import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { seed } from '@/prisma/seed'
import { makeDice } from '@/prisma/seed-dice'
import { makePerson } from '@/prisma/seed-people'
import { bringPeople } from '@/scripts/local-people'
import { connect, until } from '@/tests/support/journey'
import { type Stack, startStack, testSecrets } from '@/tests/support/portal'
import { Visitor } from '@/tests/support/visitor'

const grace = '0000-0099-5475-2774'
const chosenBy = Number(process.env.SEED ?? Date.now() % 1_000_000)

let stack: Stack
let client: pg.Client
let staff: Visitor

async function rows<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
  return (await client.query<T>(sql, values)).rows
}

const url = (path: string) => `${stack.portal.url}${path}`
const titleOf = (content: unknown) =>
  z.object({ title: z.object({ title: z.object({ value: z.string() }) }) }).parse(content).title.title.value

const bring = () =>
  bringPeople({
    databaseUrl: stack.database.url,
    tokenKeys: testSecrets.tokenKeys,
    clientId: stack.registry.clientId,
    registryUrl: stack.registry.url,
  })

/** Makes grants due and has the sweep go round until ORCID was asked about each, and nothing follows from that any more. */
async function sweep(condition = 'true'): Promise<void> {
  await rows(`update "grant" set next_check_at = now() - interval '1 hour' where ${condition}`)
  await rows(`select graphile_worker.add_job('sweep')`)
  const busy = `select 1 where exists (select 1 from "grant" where sealed_access_token is not null and
      next_check_at < now() and state <> 'expired')
    or exists (select 1 from graphile_worker.jobs where locked_at is not null or (attempts = 0 and run_at <= now()))`
  await until('the sweep is over', async () => (await rows(busy)).length === 0, 280_000)
}

const researchers = 160
const now = new Date()
const everyPair = 11

/** A seed with which few people have everything that a permission can be. */
function findSeed(): number {
  for (let candidate = 1; ; candidate++) {
    const dice = makeDice(candidate)
    const people = Array.from({ length: researchers }, (_, index) => makePerson(index, dice, now.getTime(), null))
    const pairs = people.flatMap(({ grants }) => grants.map(({ state, finding }) => `${state} ${finding}`))
    if (new Set(pairs).size === everyPair) return candidate
  }
}

type Found = { orcid: string; finding: string | null }
const people = () =>
  rows<Found>(
    `select orcid, state::text, live_scopes, conflict, merged_into_id, finding::text from researcher
     where orcid <> $1 order by orcid`,
    [grace],
  )
const items = () => rows('select id::text, state::text, put_code, reason from affiliation order by id')
/** Everybody and everything before a sweep over all and after it, and whom ORCID refused meanwhile. */
let before: { people: Found[]; items: object[] }
let after: { people: Found[]; items: object[]; suspicions: object[]; actions: { action: string }[] }
let refused: string[]
let dead: string[]

beforeAll(async () => {
  stack = await startStack({ env: { STAFF_ADMINS: grace } })
  client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  await seed(stack.database.url, { researchers, now, seed: findSeed() })
  expect(await rows('select distinct state, finding from "grant"')).toHaveLength(everyPair)
  await stack.registry.configure({ limit: { enabled: false } })
  expect(await bring()).toBe('first')
  staff = (await connect(stack, { orcid: grace, purpose: 'sign-in' })).visitor
  const [{ at } = { at: '' }] = await rows<{ at: string }>('select now()::text as at')
  before = { people: await people(), items: await items() }
  await sweep()
  after = {
    people: await people(),
    items: await items(),
    suspicions: await rows('select * from suspicion'),
    actions: await rows('select distinct action from audit_event where at >= $1 order by 1', [at]),
  }
  const answers = (await stack.registry.apiRequests()).filter(({ status }) => status === 401)
  refused = [...new Set(answers.map(({ path }) => path.split('/')[2] ?? ''))]
  // ORCID answers 401 to a token of another record as well.
  const ended = await rows<{ orcid: string }>(
    `select distinct r.orcid from "grant" g join researcher r on r.id = g.researcher_id where sealed_access_token is not null
       and (g.state in ('withdrawn_at_orcid', 'record_deactivated') or g.finding = 'wrong_record')`,
  )
  dead = ended.map(({ orcid }) => orcid)
}, 300_000)

afterAll(async () => {
  await client?.end()
  await stack?.stop()
})

describe('everybody in a seeded database', () => {
  test('is at the registry as the portal says, so that a sweep over all changes nobody', async () => {
    // Whoever was never asked about is found good now, or as their other permissions are.
    const expected = before.people.map((person, index) =>
      person.finding ? person : { ...person, finding: after.people[index]?.finding },
    )
    expect(after.people).toEqual(expected)
    expect(
      after.people.filter(({ finding }, index) => !before.people[index]?.finding && finding && finding !== 'good'),
    ).toEqual([])
    expect(after.items).toEqual(before.items)
    expect(after.suspicions).toEqual([])
    expect(after.actions.map(({ action }) => action)).toEqual(['check.confirmed', 'check.found', 'orcid.called'])
  })

  test('has a token that the registry takes exactly where the portal says that they permit something', async () => {
    const held = await rows<{ orcid: string }>(
      `select r.orcid from "grant" g join researcher r on r.id = g.researcher_id
       where g.state = 'live' and g.finding = 'good' and sealed_access_token is null`,
    )
    expect(held).toEqual([])
    expect(refused.toSorted()).toEqual(dead.toSorted())
  })
})

test.each(['en', 'es'])('a full page of the list in %s weighs at most 200 kB', async (locale) => {
  for (const query of ['', '?sort=name', '?state=connected&lacks=/person/update']) {
    const { body } = await staff.get(url(`/staff/researchers${query}`), { 'accept-language': locale })
    expect(body.match(/class="whole-row"/g)?.length).toBeGreaterThan(20)
    expect(Buffer.byteLength(body), query).toBeLessThanOrEqual(200_000)
    const [, html = ''] = /<tbody>(.*?)<\/tbody>/s.exec(body) ?? []
    const elements = html.split('<tr').map((row) => row.match(/<[a-z]/g)?.length ?? 0)
    expect(elements.length).toBeGreaterThan(20)
    expect(Math.max(...elements) + 1, query).toBeLessThanOrEqual(20)
  }
})

describe(`five people, chosen at random by SEED=${chosenBy}`, () => {
  let five: { orcid: string; id: string }[]
  let leaving: typeof five

  beforeAll(async () => {
    const may = await rows<{ orcid: string; id: string }>(
      `select orcid, id::text from researcher where state = 'connected' and finding = 'good' and not conflict
         and live_scopes @> '{/activities/update,/read-limited}' order by orcid`,
    )
    const dice = makeDice(chosenBy)
    const take = () => Array.from({ length: 5 }, () => may.splice(Math.floor(dice.between(0, may.length)), 1)).flat()
    five = take()
    leaving = take()
    expect([five.length, leaving.length]).toEqual([5, 5])
  })

  test('can be checked now', async () => {
    for (const { orcid, id } of five) {
      const page = await staff.follow(await staff.post(url('/staff/researchers/check'), [['orcid', orcid]]))
      expect(page.body).toContain('ORCID was asked just now')
      const checks = await rows(
        `select distinct c.finding::text from grant_check c join "grant" g on g.id = c.grant_id
         where g.researcher_id = $1 and c.reason = 'staff'`,
        [id],
      )
      expect(checks, orcid).toEqual([{ finding: 'good' }])
    }
  })

  test('have a record that can be read, with works and what is for trusted parties', async () => {
    for (const { orcid } of five) {
      const { items } = await stack.registry.record(orcid)
      const work = items.find(({ section }) => section === 'work')
      const page = await staff.get(url(`/staff/researchers/${orcid}/record?wait`))
      expect(page.body, orcid).toContain('Read with permission')
      expect(page.body, orcid).toContain(titleOf(work?.content))
    }
  })

  test('can be written to', async () => {
    for (const { orcid } of five) {
      const entered = await staff.post(url('/staff/affiliations/entry'), [
        ['orcid', orcid],
        ['type', 'service'],
        ['title', 'Member of a Random Committee'],
        ['start', '2024-05'],
        ['external_id', 'random-1'],
      ])
      const draft = new URL(entered.location ?? '', stack.portal.url).searchParams.get('draft') ?? ''
      await staff.post(url('/staff/affiliations/apply'), [['draft', draft]])
      await until(`the record of ${orcid} has it`, async () =>
        (await stack.registry.record(orcid)).items.some(
          ({ section, content }) => section === 'service' && content['role-title'] === 'Member of a Random Committee',
        ),
      )
    }
    const written = `select state::text from affiliation where external_id = 'random-1'`
    await until('the portal knows', async () =>
      (await rows<{ state: string }>(written)).every(({ state }) => state === 'in_orcid'),
    )
  })

  test('find themselves at the registry, withdraw there, and the portal notices', async () => {
    for (const { orcid } of leaving) {
      const person = new Visitor()
      const found = await person.get(`${stack.registry.url}/signin?find=${orcid}`)
      expect(found.body).toContain(`name="orcid" value="${orcid}"`)
      await person.post(`${stack.registry.url}/signin`, [['orcid', orcid]])
      const parties = await person.get(`${stack.registry.url}/trusted-parties`)
      expect(parties.body).toContain('University of Example')
      await person.post(`${stack.registry.url}/trusted-parties`, [['client_id', stack.registry.clientId]])
    }
    const ids = leaving.map(({ id }) => `'${id}'`).join(',')
    const states = () =>
      rows<{ state: string; finding: string }>(
        `select distinct state::text, finding::text from researcher where id in (${ids})`,
      )
    const theirs = `state = 'live' and researcher_id in (${ids})`
    for (const hours of [1, 23]) {
      await sweep(theirs)
      expect(await states()).toEqual([{ state: 'connected', finding: 'being_checked' }])
      const earlier = (column: string) => `${column} = ${column} - make_interval(hours => ${hours})`
      await rows(`update suspicion set ${earlier('since')}, ${earlier('last_asked_at')}`)
    }
    await sweep(theirs)
    expect(await states()).toEqual([{ state: 'withdrawn', finding: 'withdrawn_at_orcid' }])
  })
})

describe('a registry and a database that are started together', () => {
  test('are left alone where they know the same people', async () => {
    const { tokens } = await stack.registry.state()
    expect(await bring()).toBe('known')
    expect((await stack.registry.state()).tokens).toEqual(tokens)
  })

  test('agree again where the registry has lost its state, or has that of another database', async () => {
    await stack.registry.forget()
    expect(await bring()).toBe('again')
    await connect(stack, { orcid: '0000-0002-1825-0097' })
    await rows(`update installation set created_at = created_at - interval '1 day'`)
    expect(await bring()).toBe('again')
    const [person] = await rows<{ orcid: string }>(
      `select orcid from researcher where state = 'connected' and finding = 'good' order by orcid limit 1`,
    )
    for (const orcid of [person?.orcid ?? '', '0000-0002-1825-0097']) {
      const page = await staff.get(url(`/staff/researchers/${orcid}/record?wait`))
      expect(page.body, orcid).toContain('Read with permission')
    }
  })
})
