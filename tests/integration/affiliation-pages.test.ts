import { beforeEach, describe, expect, test } from 'vitest'
import { readImport } from '@/lib/imports/reading'
import { row, toCsv } from '@/tests/support/affiliations'
import { workInside } from '@/tests/support/inside'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none' })
workInside(fixture)
const at = (path: string) => new URL(path, fixture.stack.portal.url).href
let staff: Visitor

beforeEach(async () => {
  await connect(fixture.stack, { orcid: ada })
  staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
})

test('an entry with what no database keeps is told so at its place, and keeps the rest', async () => {
  const answer = await staff.post(at('/staff/affiliations/entry'), [
    ['orcid', ada],
    ['type', 'employment'],
    ['title', 'Dean\0 of \ud800Physics'],
    ['start', '\0'],
  ])
  expect(answer.status).toBe(303)
  const { body } = await staff.get(at(answer.location ?? ''))
  expect(body).toContain('\ufffd of')
  expect(body).toContain('id="wrong"')
})

test('the form begins with the department that is known, and what it says is looked at with the name and can be changed', async () => {
  await fixture.rows(`update person set department = 'Science / Physics' where orcid = $1`, [ada])
  const form = (await staff.get(at(`/staff/researchers/${ada}/affiliation`))).body
  expect(form).toMatch(/<input id="department"[^>]* value="Science \/ Physics"/)
  expect(form).toContain(`href="/staff/researchers/${ada}"`)
  const fields = { orcid: ada, type: 'employment', title: 'Dean', department: 'Physics', start: '2021' }
  const { location } = await staff.post(at('/staff/affiliations/entry'), Object.entries(fields))
  const page = (await staff.get(at(location ?? ''))).body
  const main = page.slice(page.indexOf('<main'), page.indexOf('</main>'))
  expect(main).toContain('Ada Q. Example')
  expect(main).toMatch(/<details[^>]*><summary[^>]*>What ORCID receives<\/summary>/)
  const [, change = ''] = /href="([^"]*\/affiliation\?draft=[^"]*)"/.exec(main) ?? []
  const again = (await staff.get(at(change.replaceAll('&amp;', '&')))).body
  expect(again).toMatch(/<input id="department"[^>]* value="Physics"/)
  expect(again).not.toContain('<title>Error')
})

describe('a file that is uploaded', () => {
  const formWith = (content: string | Uint8Array<ArrayBuffer>) => {
    const form = new FormData()
    form.set('kind', 'affiliations')
    form.set('file', new Blob([content]), 'staff.csv')
    return form
  }
  /** The page that somebody is led to with their file, once it is read. */
  async function upload(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
    const answer = await staff.post(at('/staff/import/upload'), formWith(content))
    expect(answer.status).toBe(303)
    const [, id] = /import\/([\da-f-]{36})$/.exec(answer.location ?? '') ?? []
    if (id) await readImport(id)
    return (await staff.get(at(answer.location ?? ''))).body
  }
  const nothingIsKept = async () => expect(await fixture.rows('select 1 from affiliation')).toEqual([])

  test('with more than 20 MB leads back to its page, which says so, and nothing of it is kept', async () => {
    expect(await upload('x'.repeat(20_000_001))).toContain('This file is larger than 20 MB')
    expect(await fixture.rows('select 1 from import')).toEqual([])
  })

  test('is previewed with its counts, the words for ORCID are folded, and each refused row quotes its cell', async () => {
    const rows = [row(ada), row(ada, { title: 'Dean', external_id: 'hr-2', start: '2021-02-31' })]
    const page = await upload(toCsv(rows))
    expect(page).toContain('One affiliation would be added, none changed.')
    expect(page).toContain('Refused (1)')
    expect(page).toContain('Start: “2021-02-31” is not a date.')
    const path = /\/staff\/import\/[\da-f-]{36}/.exec(page)?.[0] ?? ''
    const added = (await staff.get(at(`${path}?show=added`))).body
    expect(added).toMatch(/<details><summary[^>]*>What ORCID receives<\/summary><pre[^>]*>[^<]*role-title[^<]*Lecturer/)
    await nothingIsKept()
  })

  test('that is no table of items is refused in words', async () => {
    const files: [string | Uint8Array<ArrayBuffer>, words: string][] = [
      [Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0]), 'This is a ZIP archive'],
      [Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]), 'neither text nor an Excel workbook'],
      ['<!doctype html>\n<title>Not this</title>', 'Choose below which column is one of'],
      ['', 'The file has no rows.'],
      ['room,floor\n12,3\n', 'Choose below which column is one of'],
      [`${toCsv([row(ada)])}`.replace('department', 'Title'), 'Two columns are called'],
    ]
    for (const [content, words] of files) {
      const page = await upload(content)
      expect(page).toContain('We cannot read this file')
      expect(page).toContain(words)
    }
    await nothingIsKept()
  })

  test('that is our own file of researchers with two more columns brings no staff number to ORCID', async () => {
    await fixture.rows(`update person set local_id = 'hr-4711' where orcid = $1`, [ada])
    const path = '/staff/researchers/export?format=csv&column=name&column=local_id&q=Ada'
    const [head, person] = (await staff.get(at(path))).body.replace(/^\ufeff/, '').split('\r\n')
    expect([head, person]).toEqual([expect.stringContaining(',local_id'), expect.stringContaining('hr-4711')])
    const page = await upload(`${head},type,title\r\n${person},employment,Fellow\r\n`)
    expect(page).toContain('One affiliation would be added, none changed.')
    expect(page).toContain('role-title')
    expect(page).not.toContain('hr-4711')
  })

  test('leaves out rows whose identifier is the number of the person, and the entry form refuses it', async () => {
    await fixture.rows(`update person set local_id = 'hr-4711' where orcid = $1`, [ada])
    const page = await upload(toCsv([row(ada, { external_id: 'HR-4711' })]))
    expect(page).toContain('It would be public on the ORCID record.')
    expect(page).toContain('No affiliation would be added, none changed.')
    const answer = await staff.post(at('/staff/affiliations/entry'), [
      ['orcid', ada],
      ['type', 'employment'],
      ['title', 'Fellow'],
      ['external_id', 'hr-4711'],
    ])
    const form = (await staff.get(at(answer.location ?? ''))).body
    expect(form).toContain('id="external_id-fault"')
    expect(form).toContain('Public on the ORCID record')
  })

  test('by somebody who may only look is not read', async () => {
    await fixture.rows(`update staff_member set role = 'viewer'`)
    expect((await staff.post(at('/staff/import/upload'), formWith(toCsv([row(ada)])))).status).toBe(404)
    await fixture.rows(`update staff_member set role = 'admin'`)
    expect(await fixture.rows('select 1 from import')).toEqual([])
  })
})

test('a download of the entries is in the history, and the person sees on their page that they were in it', async () => {
  const { visitor } = await connect(fixture.stack, { orcid: ada })
  await fixture.rows(
    `insert into affiliation (person_id, researcher_id, kind, external_id, title, origin, state)
     select id, researcher_id, 'employment', 'hr-1', 'Fellow', 'imported', 'refused' from person where orcid = $1`,
    [ada],
  )
  const list = (await staff.get(at('/staff/affiliations?state=refused'))).body
  expect(list).toContain('/staff/affiliations/export?state=refused&amp;format=csv')
  const { body } = await staff.get(at('/staff/affiliations/export?state=refused&format=csv'))
  expect(body).toMatch(/^\ufeff?id,put_code,state,state_code,reason,orcid/)
  expect(body).toContain('Fellow')
  expect((await staff.get(at('/staff/affiliations/export?state=nonsense&format=csv'))).status).toBe(400)
  expect(
    await fixture.rows(`select detail->'rows' as n from audit_event where action = 'affiliations.exported'`),
  ).toEqual([{ n: 1 }])
  expect((await visitor.get(at('/me'))).body).toContain('exported affiliations or works of yours in a list')
  expect((await staff.get(at('/staff/exports'))).body).toContain('Affiliations, CSV')
})

test('the pages of the list hold every item once, there and back, also those that were added together', async () => {
  await fixture.rows(
    `insert into affiliation (person_id, researcher_id, kind, external_id, title, origin, state, added_at)
     select p.id, p.researcher_id, 'employment', 'hr-' || n, 'Fellow', 'imported',
            (case when n % 6 = 0 then 'refused' else 'no_permission' end)::affiliation_state,
            '2026-01-01'::timestamptz + make_interval(mins => n / 40)
     from person p, generate_series(1, 130) n where p.orcid = $1`,
    [ada],
  )
  /** The items of each page, following its link in one direction. */
  async function walk(from: string, rel: 'next' | 'prev'): Promise<{ pages: string[][]; last: string }> {
    const pages: string[][] = []
    for (let path: string | undefined = from; path; ) {
      const { body } = await staff.get(at(path))
      const links = body.slice(0, body.indexOf('</main>')).matchAll(/href="\/staff\/affiliations\/([\da-f-]{36})"/g)
      pages.push([...links].flatMap(([, id]) => id ?? []))
      from = path
      path = new RegExp(`href="([^"]*)" rel="${rel}"`).exec(body)?.[1]?.replaceAll('&amp;', '&')
    }
    return { pages, last: from }
  }
  const inOrder = (await fixture.rows('select id::text from affiliation order by added_at desc, id desc')).map(
    ({ id }) => id,
  )
  const there = await walk('/staff/affiliations', 'next')
  expect(there.pages.flat()).toEqual(inOrder)
  expect(there.pages.map(({ length }) => length)).toEqual([50, 50, 30])
  const back = await walk(there.last, 'prev')
  expect(back.pages.reverse()).toEqual(there.pages)
  const refused = await walk('/staff/affiliations?state=refused', 'next')
  expect(refused.pages.flat()).toHaveLength(21)
})
