import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSeededOrcid, makeSeededReference } from '@/prisma/seed-numbers'
import { fillWorld, inside, limits, makeOutsiders, type Outsiders, tokensOf } from '@/tests/integration/limited-world'
import {
  type Cast,
  describeAnswer,
  expectedAnswer,
  findLeaks,
  isAdmitted,
  startCast,
} from '@/tests/integration/matrix-cast'
import { type Row, table } from '@/tests/integration/matrix-table'
import { comparable, findDifference } from '@/tests/support/comparable'
import { forEachOf, type RawAnswer } from '@/tests/support/raw-request'

let cast: Cast
beforeAll(async () => {
  cast = await startCast()
})
afterAll(() => cast.stop())

const people = ['viewer', 'manager'] as const
type Limited = (typeof people)[number]

const limitTo = (departments: readonly string[]) =>
  cast.rows(`UPDATE staff_member SET departments = $2, may_export = true WHERE orcid = ANY($1)`, [
    people.map((one) => cast.orcids[one]),
    departments,
  ])

const entries = Object.entries(table)
const methodOf = (row: Row) => (row.methods.includes('GET') ? 'GET' : 'POST')

function expectedOf(row: Row, who: Limited): string {
  const mayExport = row.audience === 'exporter'
  const suffices = mayExport || isAdmitted(row.audience, who)
  if (!isAdmitted(row.audience, 'researcher') && !(row.limited && suffices)) return '404'
  return mayExport ? row.answer : expectedAnswer(row, who, methodOf(row))
}

async function askRow(row: Row, who: Limited, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const fresh = row.kind === 'route' ? { cookie: await cast.cookieOf(who) } : who
  return cast.ask(fresh, methodOf(row), cast.addressOf(row), headers, cast.bodyOf(row))
}

describe('somebody who is limited to departments, on every route of the build,', () => {
  for (const who of people) {
    const tags = who === 'viewer' ? ['release'] : []
    test(`as ${who} gets what the table says where it lets them in, and 404 everywhere else`, { tags }, async () => {
      const faults: string[] = []
      const limitAndMove = async () => {
        await limitTo(['Science'])
        const inside = `UPDATE person SET department = 'Science / Physics' WHERE orcid = $1 OR orcid IS NULL`
        await cast.rows(inside, [cast.orcids.researcher])
      }
      for (const [name, row] of entries) {
        await limitAndMove()
        const got = describeAnswer(await askRow(row, who), cast)
        const expected = expectedOf(row, who)
        if (got !== expected) faults.push(`${name}: ${got} instead of ${expected}`)
        if (methodOf(row) === 'POST' && got !== '404') await cast.restore()
      }
      await cast.restore()
      expect(faults).toEqual([])
    })
  }

  test('learns of nobody outside them, in whole pages and in the parts that a browser asks for', async () => {
    await limitTo(['Nobody is here'])
    const faults: string[] = []
    const read = entries.filter(([, row]) => methodOf(row) === 'GET')
    const forms: Record<string, string>[] = [{}, { rsc: '1' }]
    await forEachOf(
      // Of each path both forms, turn by turn to the one and the other.
      read.flatMap(([name, row], index) =>
        forms.map((headers, form) => ({ name, row, headers, who: people[(index + form) % 2] ?? 'viewer' })),
      ),
      async ({ name, row, headers, who }) => {
        const path = cast.addressOf(row)
        const leaks = findLeaks(cast, who, path, await askRow(row, who, headers))
        if (leaks.length > 0) faults.push(`${name} as ${who}: ${leaks.join(' ')}`)
      },
    )
    await cast.restore()
    expect(faults).toEqual([])
  })

  test('loses at the next request whom another department took, and finds again who comes back', async () => {
    await limitTo(['Science'])
    const page = `/staff/researchers/${cast.orcids.researcher}`
    const move = (department: string | null) =>
      cast.rows('UPDATE person SET department = $2 WHERE orcid = $1', [cast.orcids.researcher, department])
    const statuses: number[] = []
    for (const department of ['Science', 'Sciences', 'Science / Physics', 'science', null, 'Science']) {
      await move(department)
      statuses.push((await cast.ask('viewer', 'GET', page)).status)
    }
    expect(statuses).toEqual([200, 404, 200, 404, 404, 200])
    await cast.rows(`UPDATE staff_member SET departments = '{Law}' WHERE orcid = $1`, [cast.orcids.viewer])
    expect((await cast.ask('viewer', 'GET', page)).status).toBe(404)
    await cast.restore()
  })
})

describe('what somebody sees who is limited to departments', () => {
  test('is without refusals, failed attempts, notes, records and addresses', async () => {
    await limitTo(['Science'])
    const secrets = { note: 'Canary note of the team', email: 'canary@science.example', reason: 'Canary reason' }
    await cast.rows(`UPDATE person SET department = 'Science', email = $2 WHERE orcid = $1`, [
      cast.orcids.researcher,
      secrets.email,
    ])
    await cast.rows(
      `INSERT INTO note (researcher_id, author_id, text)
       SELECT r.id, s.id, $2 FROM researcher r, staff_member s WHERE r.orcid = $1 AND s.orcid = $3`,
      [cast.orcids.researcher, secrets.note, cast.orcids.admin],
    )
    await cast.rows(
      `UPDATE binding SET reason = $2, proof = 'staff' WHERE researcher_id = (SELECT id FROM researcher WHERE orcid = $1)`,
      [cast.orcids.researcher, secrets.reason],
    )
    const reference = makeSeededReference(41)
    const copyAttempt = (outcome: string) =>
      cast.rows(
        `INSERT INTO authorization_attempt
         SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'reference', $2::text,
           'outcome', $3::text, 'state', CASE WHEN $3 = 'denied' THEN 'ended' ELSE 'saved' END,
           'secret_hash', $2::text, 'state_hash', $2::text))).*
         FROM authorization_attempt a JOIN researcher r ON r.id = a.researcher_id WHERE r.orcid = $1 AND a.outcome = 'connected'`,
        [cast.orcids.researcher, reference, outcome],
      )
    await copyAttempt('denied')
    const paths = [
      `/staff/researchers/${cast.orcids.researcher}`,
      '/staff/people',
      `/staff/people?q=${secrets.email}`,
      '/staff/people/export?format=csv&all=yes',
      '/staff/researchers/export?format=json',
      `/staff/search?q=${secrets.email}`,
    ]
    const answers = paths.map((path) => cast.ask('manager', 'GET', path))
    const bodies = (await Promise.all(answers)).map(({ body }) => body)
    // What they asked for themselves is repeated to them in the field that they typed it into.
    for (const [index, body] of bodies.entries()) {
      for (const secret of Object.values(secrets).filter((one) => !paths[index]?.includes(one))) {
        expect(body).not.toContain(secret)
      }
      expect(body).not.toContain(reference)
    }
    expect(bodies[1]).toContain(cast.orcids.researcher)
    expect(bodies[2]).not.toContain(cast.orcids.researcher)
    expect(bodies[5]).not.toContain(cast.orcids.researcher)
    expect((await cast.ask('manager', 'GET', `/staff/attempts/${reference}`)).status).toBe(404)
    await cast.rows('DELETE FROM authorization_attempt WHERE reference = $1', [reference])
    await copyAttempt('connected')
    expect((await cast.ask('manager', 'GET', `/staff/attempts/${reference}`)).status).toBe(200)
    await cast.restore()
  })

  test('is taken away in files only by those who have that right', async () => {
    const files = ['/staff/people/export?format=csv&all=yes', '/staff/researchers/export?format=csv']
    const ask = async () => Promise.all(files.map(async (path) => (await cast.ask('viewer', 'GET', path)).status))
    await limitTo(['Science'])
    expect(await ask()).toEqual([200, 200])
    await cast.rows('UPDATE staff_member SET may_export = false')
    expect(await ask()).toEqual([404, 404])
    expect((await cast.ask('admin', 'GET', files[0] ?? '')).status).toBe(200)
    await cast.restore()
  })
})

const seeds = [1, 2].map((index) => index + Math.floor(Math.random() * 1_000_000) * 10)

/** Everything that they may ask, about people on both sides. */
function listQuestions(worlds: readonly Outsiders[], pages: readonly string[]): string[] {
  const tokens = [...new Set([...worlds.flatMap(tokensOf), ...tokensOf(inside)])]
  const query = (path: string, values: Record<string, string>) => `${path}?${new URLSearchParams(values)}`
  const ids = [...worlds, inside].flatMap(({ people }) => people.slice(0, 4).map(({ id }) => id))
  const orcids = tokens.filter((token) => /^\d{4}-\d{4}-/.test(token))
  const departments = [...limits, 'Law', 'Science / Physics', 'Sciences', 'ArtsX1 / 50%', 'A', 'none']
  return [
    ...pages,
    ...tokens.flatMap((q) => [
      query('/staff/people', { q }),
      query('/staff/researchers', { q }),
      query('/staff/search', { q }),
    ]),
    ...ids.map((id) => `/staff/people/${id}`),
    ...ids.map((id) => `/staff/people/export?format=csv&person=${id}`).slice(0, 12),
    ...orcids.map((orcid) => `/staff/researchers/${orcid}`),
    ...[...worlds.flatMap(({ references }) => references), ...inside.references].flatMap((reference) => [
      `/staff/attempts/${reference}`,
      `/staff/attempts/look-up?reference=${reference}`,
    ]),
    ...departments.flatMap((department) => [
      query('/staff/departments/unit', { department }),
      query('/staff/summary', { department }),
      query('/staff/summary/file', { department }),
      query('/staff/people', { department }),
      query('/staff/researchers', { department }),
    ]),
    ...[
      'conflict=yes',
      'connection=not-connected',
      'connection=withdrew',
      'kind=student',
      'sort=-name',
      'sort=added',
    ].map((filter) => `/staff/people?${filter}`),
    ...['state=conflict', 'state=withdrawn', 'finding=due', 'sort=-orcid', 'local-id=out-1', 'q=Outsidr'].map(
      (filter) => `/staff/researchers?${filter}`,
    ),
    '/staff',
    '/staff/departments',
    '/staff/departments?q=a&sort=-people',
    '/staff/departments?from=1',
    '/staff/summary',
    '/staff/summary/file',
    '/staff/people/export?format=csv&all=yes',
    '/staff/people/export?format=csv&all=yes&department=Law',
    '/staff/researchers/export?format=json&column=conflict&column=primary_orcid',
    '/staff/search?q=Outsi',
    '/staff/team',
    `/staff/researchers/${makeSeededOrcid(9_999)}`,
  ]
}

/** Rows that take longer than usual follow their page in pieces: then it is asked again. */
async function askWhole(path: string): Promise<RawAnswer> {
  for (let tries = 1; ; tries++) {
    const answer = await cast.ask('manager', 'GET', path)
    if (tries === 5 || !answer.body.includes('people-loading')) return answer
  }
}

describe('whatever they ask, no answer depends on anybody outside their departments:', () => {
  test(`two worlds that differ only out there answer byte for byte the same (seeds ${seeds.join(', ')})`, {
    tags: 'release',
  }, async () => {
    const worlds = seeds.map(makeOutsiders)
    const enter = async (world: Outsiders) => {
      await cast.restore()
      await limitTo(limits)
      await fillWorld(cast.rows, world)
    }
    await enter(worlds[0] as Outsiders)
    const lists = ['/staff/people', '/staff/researchers']
    const next = (body: string) => /href="([^"]*[?&;]cursor=[^"]*)"/.exec(body)?.[1]?.replaceAll('&amp;', '&')
    const second = (await Promise.all(lists.map((path) => cast.ask('manager', 'GET', path)))).map(({ body }) =>
      next(body),
    )
    expect(second.every(Boolean)).toBe(true)
    const questions = listQuestions(worlds, [...lists, ...second.filter((path) => path !== undefined)])
    const first = new Map<string, string>()
    for (const [index, world] of worlds.entries()) {
      if (index > 0) await enter(world)
      for (const question of questions) {
        const whole = await askWhole(question)
        const answer = comparable(whole)
        if (index === 0) first.set(question, answer)
        const difference = findDifference(first.get(question) ?? '', answer)
        expect([world.seed, question, difference]).toEqual([world.seed, question, null])
        const asked = decodeURIComponent(question)
        const leaks = tokensOf(world).filter((token) => whole.body.includes(token) && !asked.includes(token))
        expect([world.seed, question, leaks]).toEqual([world.seed, question, []])
      }
    }
    const one = inside.people[0]
    const found = first.get(`/staff/people/${one?.id}`)
    expect(found).toContain(one?.orcid ?? one?.localId)
    await cast.restore()
  })
})
