import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ability, ruleOf } from '@/lib/staff/abilities'
import {
  type Caller,
  type Cast,
  callers,
  describeAnswer,
  expectedAnswer,
  findLeaks,
  findSecretNames,
  isAdmitted,
  sessionCookie,
  startCast,
} from '@/tests/integration/matrix-cast'
import { actions, type Row, table } from '@/tests/integration/matrix-table'
import { listBuiltActions, listBuiltFunctions, listBuiltRoutes } from '@/tests/support/build'
import { testSecrets } from '@/tests/support/portal'
import { forEachOf } from '@/tests/support/raw-request'

const root = join(import.meta.dirname, '../..')

let cast: Cast
beforeAll(async () => {
  cast = await startCast()
})
afterAll(() => cast.stop())

const entries = Object.entries(table)
const cases = entries.flatMap(([name, row]) => callers.map((caller) => ({ name, row, caller })))

describe('the table', () => {
  test('has a row for every page and route handler of the build, and no other', () => {
    expect(Object.keys(table).sort()).toEqual(listBuiltRoutes())
  })

  test('has a row for every server action of the build, and no other', () => {
    expect(Object.keys(actions).sort()).toEqual(
      listBuiltActions()
        .map(({ name }) => name)
        .sort(),
    )
  })

  test('has a row for every function that the build configures by itself', () => {
    const paths = new Set(entries.map(([name]) => name.replace(/\/(page|route)$/, '') || '/'))
    expect(listBuiltFunctions().filter((path) => !paths.has(path))).toEqual(['/_middleware'])
  })

  test('says the same as the abilities that the gates ask for', () => {
    const ofStaff = Object.entries(table).filter(([name]) => name.startsWith('/staff/'))
    const of = ofStaff.flatMap(([name, row]) => {
      const file = join(root, 'app', `${name}.${row.kind === 'page' ? 'tsx' : 'ts'}`)
      const asked = /require(?:Member)?Staff\('(\w+)'\)/.exec(readFileSync(file, 'utf8'))?.[1] as Ability | undefined
      if (!asked) return []
      const { least, right, limited = false } = ruleOf(asked)
      const says = { audience: right ? 'exporter' : least, limited }
      return [{ name, says, has: { audience: row.audience, limited: row.limited ?? false } }]
    })
    expect(of.length).toBeGreaterThan(80)
    for (const { name, says, has } of of) expect([name, has]).toEqual([name, says])
  })

  test('is all that pages ask about a role: what somebody may do, they ask of the abilities', () => {
    const files = readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.tsx?$/.test(name),
    )
    const asking = files.filter((name) => /actor\.role [!=]==/.test(readFileSync(join(root, 'app', name), 'utf8')))
    // Whether an entry is confidential to them.
    expect(asking).toEqual([join('staff', 'people', 'entry', 'route.ts')])
  })

  test('says of every route handler which methods it has', async () => {
    for (const [name, row] of entries.filter(([, { kind }]) => kind === 'route')) {
      const { status, headers } = await cast.ask('anonymous', 'OPTIONS', cast.addressOf(row))
      // A file that was made at build time, as the icon, has no handler left that could answer.
      if (status === 405) continue
      const methods = (headers.allow ?? '').split(', ').filter((method) => method !== 'OPTIONS')
      // Next.js counts HEAD wherever there is a GET.
      const known = new Set<string>(row.methods.includes('GET') ? [...row.methods, 'HEAD'] : row.methods)
      expect([name, methods.sort()]).toEqual([name, [...known].sort()])
    }
  })
})

/** Asks, and gives what differs from the table: another answer, somebody else's data, a key named like a secret. */
async function judge(row: Row, caller: Caller, method: string, expected: string): Promise<string[]> {
  const path = cast.addressOf(row)
  const fresh = method === 'POST' && row.kind === 'route'
  const sent = cast.bodyOf(row)
  const answer = await cast.ask(fresh ? { cookie: await cast.cookieOf(caller) } : caller, method, path, {}, sent)
  const got = describeAnswer(answer, cast)
  const mayShow = row.shows === 'everybody' && isAdmitted(row.audience, caller)
  return [
    ...(got === expected ? [] : [`${got} instead of ${expected}`]),
    ...(mayShow ? [] : findLeaks(cast, caller, `${path}?${sent}`, answer).map((canary) => `shows ${canary}`)),
    ...findSecretNames(answer).map((key) => `has the key ${key}`),
    ...(method === 'HEAD' && answer.body !== '' ? ['HEAD has a body'] : []),
  ].map((fault) => `${method} ${path} as ${caller}: ${fault}`)
}

/** Of each row the two between whom the line is drawn: who is just let in, and who is just not. */
const borderCases = cases.filter(({ row, caller }) => {
  const admitted = callers.filter((one) => isAdmitted(row.audience, one))
  const refused = callers.filter((one) => !isAdmitted(row.audience, one))
  return caller === admitted[0] || caller === refused.at(-1)
})

async function judgeAll(method: 'GET' | 'HEAD' | 'POST', rows = cases): Promise<string[]> {
  const faults: string[] = []
  await forEachOf(rows, async ({ row, caller }) => {
    const expected = row.methods.includes(method) ? expectedAnswer(row, caller, method) : '405'
    faults.push(...(await judge(row, caller, method, expected)))
  })
  return faults
}

describe('every page and route handler of the build gives every kind of caller', () => {
  test('what the table says, and nobody else’s data, when it is read', async () => {
    expect(await judgeAll('GET')).toEqual([])
  })

  test('no body, and the same answer, when only its head is asked for', { tags: 'release' }, async () => {
    expect(await judgeAll('HEAD', borderCases)).toEqual([])
  })

  test('no more to a form sent to a page than to a reader of it', { tags: 'release' }, async () => {
    const pages = borderCases.filter(({ row }) => row.kind === 'page')
    expect(await judgeAll('POST', pages)).toEqual([])
  })

  const forms = [
    { of: borderCases, who: 'whoever is just let in and just not', tags: [] },
    { of: cases, who: 'everybody', tags: ['release'] },
  ]
  for (const { of, who, tags } of forms) {
    test(`what the table says when a form of our own site is sent to it by ${who}`, { tags }, async () => {
      const faults: string[] = []
      for (const { row, caller } of of.filter(({ row }) => row.kind === 'route')) {
        const expected = row.methods.includes('POST') ? expectedAnswer(row, caller, 'POST') : '405'
        faults.push(...(await judge(row, caller, 'POST', expected)))
        // What it changed is put back, so that the next caller meets what the first one met. A refusal changes nothing.
        if (row.methods.includes('POST') && isAdmitted(row.audience, caller)) await cast.restore()
      }
      expect(faults).toEqual([])
    })
  }

  test('405 and nothing else for a method that it does not know', { tags: 'release' }, async () => {
    const faults: string[] = []
    const refusals = ['', 'Method not allowed. Nothing was changed.\n']
    const both = cases.filter(({ caller }) => caller === 'anonymous' || caller === 'admin')
    await forEachOf(both, async ({ row, caller }) => {
      for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
        const answer = await cast.ask(caller, method, cast.addressOf(row))
        const isRefusal = refusals.includes(answer.body) || answer.body.includes('"code":"method_not_allowed"')
        if (answer.status !== 405 || !isRefusal) faults.push(`${method} ${row.at}: ${answer.status}`)
      }
      const options = await cast.ask(caller, 'OPTIONS', cast.addressOf(row))
      if (![204, 400, 405].includes(options.status) || options.body.length > 40) faults.push(`OPTIONS ${row.at}`)
    })
    expect(faults).toEqual([])
  })

  test('its data where it may show it: the search for other people’s data finds it there', async () => {
    const list = await cast.ask('viewer', 'GET', '/staff/researchers')
    expect(findLeaks(cast, 'viewer', '/staff/researchers', list).length).toBeGreaterThan(7)
    const own = await cast.ask('researcher', 'GET', '/me/data')
    for (const canary of cast.canariesOf.researcher.slice(0, 2)) expect(own.body).toContain(canary)
  })
})

const protectedRows = entries.map(([, row]) => row).filter(({ audience }) => audience !== 'anybody')
const staffRows = protectedRows.filter(({ audience }) => audience !== 'signed-in' && audience !== 'owner')
const methodOf = (row: Row) => (row.methods.includes('GET') ? 'GET' : 'POST')

describe('at the next request, on every path', () => {
  test('a session that was ended, has run out, never was, or is signed with another secret is nobody’s', async () => {
    const [session] = await cast.rows('SELECT id FROM session LIMIT 1')
    const alive = await cast.cookieOf('admin')
    const dead = {
      forged: await sessionCookie(session?.id ?? '', 'a secret that is not the portal’s own, and long'),
      unknown: await sessionCookie('7b0c4c2e-3f1c-4d59-8a55-0d5f3e1f6a11', testSecrets.sessionSecret),
      unsigned: `concord.session=${Buffer.from(JSON.stringify({ sid: session?.id })).toString('base64url')}`,
      ended: await endedBy(`ended_at = now()`),
      expired: await endedBy(`expires_at = now() - interval '1 second'`),
      idle: await endedBy(`last_seen_at = now() - interval '31 minutes'`),
    }
    expect((await cast.ask({ cookie: alive }, 'GET', '/staff')).status).toBe(200)
    const kinds = Object.entries(dead)
    // Every kind on a sixth of the paths, and all of them on the first: one function judges sessions for every path.
    const trials = protectedRows.flatMap((row, index) =>
      kinds.filter((_one, kind) => index === 0 || kind === index % kinds.length).map((one) => ({ row, one })),
    )
    await forEachOf(trials, async ({ row, one: [what, cookie] }) => {
      const answer = await cast.ask({ cookie }, methodOf(row), cast.addressOf(row), {}, cast.bodyOf(row))
      const expected = expectedAnswer(row, 'anonymous', methodOf(row))
      expect([what, row.at, describeAnswer(answer, cast)]).toEqual([what, row.at, expected])
      const said = `${cast.addressOf(row)}?${cast.bodyOf(row)}`
      expect(findLeaks(cast, 'anonymous', said, answer)).toEqual([])
    })
  })

  async function endedBy(change: string): Promise<string> {
    const { id, cookie } = await cast.beginSession('admin')
    await cast.rows(`UPDATE session SET ${change} WHERE id = $1`, [id])
    return cookie
  }

  test('a role that was taken away is gone', async () => {
    expect((await cast.ask('admin', 'GET', '/staff')).status).toBe(200)
    await cast.rows('UPDATE staff_member SET ended_at = now() WHERE orcid = $1', [cast.orcids.admin])
    await forEachOf(staffRows, async (row) => {
      const answer = await cast.ask('admin', methodOf(row), cast.addressOf(row), {}, cast.bodyOf(row))
      expect([row.at, describeAnswer(answer, cast)]).toEqual([row.at, '404'])
    })
    await cast.restore()
  })

  test('a role that was lowered is lowered', async () => {
    await cast.rows(`UPDATE staff_member SET role = 'viewer' WHERE orcid = $1`, [cast.orcids.admin])
    for (const row of staffRows) {
      const answer = await cast.ask('admin', methodOf(row), cast.addressOf(row), {}, cast.bodyOf(row))
      const expected = row.audience === 'viewer' ? row.answer : '404'
      expect([row.at, describeAnswer(answer, cast)]).toEqual([row.at, expected])
    }
    await cast.restore()
  })
})
