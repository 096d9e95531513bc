import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seed } from '@/prisma/seed'
import { connect } from '@/tests/support/journey'
import { type Stack, startStack } from '@/tests/support/portal'
import type { Visitor } from '@/tests/support/visitor'

const admin = '0000-0099-5475-2774'

let stack: Stack
let client: pg.Client
let staff: Visitor

const get = async (path: string) => (await staff.get(`${stack.portal.url}${path}`)).body

beforeAll(async () => {
  stack = await startStack({ env: { STAFF_ADMINS: admin, WORKER: 'none' } })
  await seed(stack.database.url, { researchers: 70, unconnected: 60, seed: 5 })
  client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  for (const sql of unusual) await client.query(sql)
  staff = (await connect(stack, { orcid: admin, purpose: 'sign-in' })).visitor
})

afterAll(async () => {
  await client.end()
  await stack.stop()
})

/** What a small town has too little of for each number to be more than none. */
const unusual = [
  `update person set department = (array['Physics', 'Library & Archives', null])[1 + mod(ascii(right(orcid, 1)), 3)]`,
  `update researcher set finding = 'wrong_record' where id in (select id from researcher order by id limit 2)`,
  `update researcher set withdrew_at = now() - interval '2 days' where state = 'withdrawn'`,
  `update researcher set finding = 'withdrawn_at_orcid' where id in (select id from researcher where state = 'withdrawn' order by id limit 1)`,
  `update researcher set finding = null where id in (select id from researcher where state = 'withdrawn' order by id desc limit 1)`,
  `update researcher set expires_at = now() + interval '1 year' where id in (select id from researcher where state = 'connected' order by id limit 3)`,
  `update "grant" set sealed_access_token = 'sealed', next_check_at = now() - interval '1 hour' where id in (
     select id from "grant" where state = 'live' order by id limit 4)`,
  `update researcher set last_checked_at = now() - interval '9 days' where id in (
     select id from researcher where state = 'connected' and finding = 'good' order by id limit 2)`,
  `update researcher set last_checked_at = null where id in (
     select id from researcher where state = 'connected' and finding = 'good' order by id desc limit 2)`,
  `update authorization_attempt set started_at = now() - (hashtext(reference) & 127) * interval '8 hours'`,
  `update authorization_attempt set state = 'ended', outcome = 'not_saved' where id in (
     select id from authorization_attempt where started_at > now() - interval '6 days' order by id limit 6)`,
  `update authorization_attempt set state = 'ended', outcome = 'denied' where id in (
     select id from authorization_attempt where purpose = 'connect' and outcome <> 'not_saved' order by id limit 3)`,
]

type Link = { href: string; count: number }

/** The links to lists in a page, each with the number that it shows. */
function linksIn(html: string): Link[] {
  const links = html.matchAll(
    /<a [^>]*href="(\/staff\/(?:researchers|attempts|affiliations|people)\?[^"]*)"[^>]*>(.*?)<\/a>/gs,
  )
  return [...links].flatMap(([, href = '', inner = '']) => {
    const said = inner.replace(/<title>.*?: ([\d,]+)<\/title>/s, '$1').replace(/<[^>]*>/g, '')
    const [number] = said.match(/\d[\d,]*/) ?? []
    return number ? [{ href: href.replaceAll('&amp;', '&'), count: Number(number.replaceAll(',', '')) }] : []
  })
}

/** How many rows a list has, by walking through all of its pages. */
async function countRows(href: string): Promise<number> {
  let rows = 0
  for (let path: string | undefined = href; path; ) {
    const body: string = await get(path)
    expect(body, path).not.toContain('did not understand')
    const bodies = [...body.matchAll(/<tbody.*?<\/tbody>/gs)].join('')
    const items = new Set(body.match(/\/staff\/affiliations\/[\da-f-]{36}"/g))
    rows += href.includes('/affiliations') ? items.size : bodies.split('<tr').length - 1
    path = body.match(/href="([^"]*)" rel="next"/)?.[1]?.replaceAll('&amp;', '&')
  }
  return rows
}

describe('the overview', () => {
  test('has numbers that are those of the rows that they lead to', async () => {
    const [all = [], ...others] = await Promise.all(
      ['month', 'week', 'day'].map(async (per) => linksIn(await get(`/staff/figures?per=${per}`))),
    )
    for (const path of [
      '/staff',
      '/staff/attention',
      '/staff/departments',
      `/staff/departments/unit?department=Physics`,
    ])
      all.push(...linksIn(await get(path)))
    const months = new Set(all.map(({ href }) => href))
    const more = others.flatMap((links) =>
      links.filter(({ href, count }) => count > 0 && !months.has(href)).slice(0, 5),
    )
    const links = new Map([...all, ...more].map((link) => [link.href, link]))
    const kinds = [
      'state=conflict',
      'withdrawn-at-orcid',
      'withdrawn-here',
      'expiring',
      'outcome=failed',
      'department=-',
      'checked-from',
      'checked-before',
      'finding=due',
    ]
    for (const kind of kinds)
      expect(
        [...links.keys()].some((href) => href.includes(kind)),
        kind,
      ).toBe(true)
    const shown = [...links.values()].filter(({ count }) => count > 0)
    const empty = [...links.values()].filter(({ count }) => count === 0)
    expect(shown.length).toBeGreaterThan(50)
    for (const { href, count } of [...shown, ...empty.slice(0, 5)]) {
      expect({ href, count: await countRows(href) }).toEqual({ href, count })
    }
  })

  test('does not call the checks complete where somebody was not asked about yet', async () => {
    const late = `last_checked_at < now() - interval '7 days'`
    await client.query(`update researcher set last_checked_at = now() - interval '1 day' where ${late}`)
    const page = await get('/staff')
    const checks = page.slice(page.indexOf('id="checks"'), page.indexOf('href="/staff/figures#sweep"'))
    expect(checks).toMatch(/All permissions were asked about within 7 days, but not yet those of \d+ people\./)
    expect(checks).not.toContain('not asked about yet')
  })

  test('says the same in the table of a chart as in the chart', async () => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from researcher where state = 'connected'`,
    )
    for (const per of ['month', 'week', 'day']) {
      const html = await get(`/staff/figures?per=${per}`)
      const chart = html.slice(html.indexOf('id="over-time"'), html.indexOf('id="by-permission"'))
      const split = chart.indexOf('<details')
      const [drawn, listed] = [chart.slice(0, split), chart.slice(split)].map(linksIn)
      const added = listed?.filter(({ href }) => href.includes('connected-from'))
      expect(drawn?.length).toBeGreaterThan(20)
      expect(added?.toReversed()).toEqual(drawn)
      const [connectedNow] = chart.slice(split).match(/(?<=<td>)\d+(?=<\/td><\/tr>)/) ?? []
      expect(Number(connectedNow)).toBe(rows[0]?.count)
    }
  })

  test('shows months to whoever asks for anything else', async () => {
    const months = await get('/staff/figures')
    for (const per of ['', 'year', 'day&per=week']) {
      expect(linksIn(await get(`/staff/figures?per=${per}`)).length).toBe(linksIn(months).length)
    }
  })
})

describe('the list of attempts', () => {
  test('begins with what failed in the last 30 days', async () => {
    const old = `update authorization_attempt set started_at = started_at - interval '40 days' where outcome = 'not_saved'`
    await client.query(old)
    const page = await get('/staff/attempts')
    const failures = page.slice(page.indexOf('id="failures"'), page.indexOf('Connection attempts</h2>'))
    expect(failures).toContain('Failures of the last 30 days')
    const { rows } = await client.query<{ reference: string }>(
      `select reference from authorization_attempt where outcome = 'not_saved'`,
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { reference } of rows) expect(failures).not.toContain(reference)
    await client.query(old.replace('- interval', '+ interval'))
  })

  test('visits every attempt once, forward and back, with how it ended in words', async () => {
    const { rows } = await client.query<{ reference: string }>(
      `select reference from authorization_attempt order by started_at desc, id desc`,
    )
    const walk = async (start: string, rel: 'next' | 'prev') => {
      const found: string[][] = []
      for (let path: string | undefined = start; path; ) {
        const body: string = await get(path)
        // What failed last stands before the whole list.
        const list = body.slice(body.lastIndexOf('<table'))
        found.push([...list.matchAll(/href="\/staff\/attempts\/([^"]*)"/g)].map(([, reference = '']) => reference))
        const next = body.match(new RegExp(`href="([^"]*)" rel="${rel}"`))?.[1]?.replaceAll('&amp;', '&')
        if (!next) return { found, path }
        path = next
      }
      return { found, path: start }
    }
    const forward = await walk('/staff/attempts', 'next')
    expect(forward.found.flat()).toEqual(rows.map(({ reference }) => reference))
    const back = await walk(forward.path, 'prev')
    expect(back.found.toReversed().flat()).toEqual(forward.found.flat())
    expect(await get('/staff/attempts?outcome=not-saved')).toContain('We could not save the permission')
    const saved = await client.query<{ reference: string }>(
      `select reference from authorization_attempt
       where purpose = 'connect' and outcome in ('connected', 'updated', 'already_connected', 'fewer', 'different_id')
       order by started_at desc, id desc`,
    )
    const met = await walk('/staff/attempts?purpose=connect&outcome=saved', 'next')
    expect(met.found.length).toBeGreaterThan(1)
    expect(met.found.flat()).toEqual(saved.rows.map(({ reference }) => reference))
  })

  test('leaves out what it does not understand, and says so', async () => {
    const body = await get('/staff/attempts?outcome=lost&from=2026-02-30&cursor=%00')
    expect(body).toContain('did not understand: the outcome; the first day; the page')
    expect(await get('/staff/attempts?from=8999-01-01')).toContain('No attempt matches all of these filters.')
  })
})

describe('the departments', { timeout: 180_000 }, () => {
  const rowsOf = (html: string) => linksIn(html.replace(/.*<tbody/s, '')).map(({ count }) => count)

  test('add up to everybody on the roster, and page by page every one of them is met once', async () => {
    await client.query(`update person set department = 'Department ' || right(id::text, 3)`)
    const { rows } = await client.query<{ departments: number; people: number }>(
      `select count(distinct department)::int as departments, count(*)::int as people from person
       where listed and local_id is not null and state in ('active', 'leaving')`,
    )
    expect((await get('/staff/departments')).match(/(\d+) rows/)?.[1]).toBe(String(rows[0]?.departments))
    const numbers: number[] = []
    for (let path: string | undefined = '/staff/departments?sort=name'; path; ) {
      const body: string = await get(path)
      numbers.push(...rowsOf(body))
      path = body.match(/href="([^"]*)" rel="next"/)?.[1]?.replaceAll('&amp;', '&')
    }
    const people = numbers.filter((_, place) => place % 3 === 2)
    expect([people.length, people.reduce((sum, each) => sum + each, 0)]).toEqual(Object.values(rows[0] ?? {}))
  })

  test('are searched by a part of their name, without capitals and accents', async () => {
    await client.query(
      `update person set department = 'Écologie / Forêts' where id in (
         select id from person where listed and local_id is not null and state = 'active' limit 3)`,
    )
    expect(rowsOf(await get('/staff/departments?q=forets')).at(-1)).toBe(3)
    expect(await get('/staff/departments?q=nowhere')).toContain('No department has these words in its name.')
  })

  test('are shown from the lowest share on to whoever asks for anything else, and none after the last', async () => {
    const first = linksIn(await get('/staff/departments'))
    for (const query of ['from=-1', 'from=x', 'from=1.5', 'from=1&from=2', 'sort=sideways', 'q=%00']) {
      expect(linksIn(await get(`/staff/departments?${query}`)), query).toEqual(first)
    }
    expect(await get('/staff/departments?from=9999')).toContain('There are no departments on this page of the list.')
    const gone = await staff.get(`${stack.portal.url}/staff/departments/unit?department=Nowhere`)
    expect(gone.status).toBe(404)
  })
})
