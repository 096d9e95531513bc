import { beforeEach, describe, expect, test } from 'vitest'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none' })
const at = (path: string) => new URL(path, fixture.stack.portal.url).href
let staff: Visitor

beforeEach(async () => {
  staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
  await setRole('admin')
})

const setRole = (role: string) =>
  fixture.rows('update staff_member set role = $2::staff_role where orcid = $1', [grace, role])
const read = async (path: string) => (await staff.get(at(path))).body
const send = async (path: string, fields: Record<string, string>) => {
  const answer = await staff.post(at(path), Object.entries(fields))
  expect(answer.status).toBe(303)
  return answer.location ?? ''
}
/** What is left between `<main>` and `</main>`, where no data for scripts stands. */
const mainOf = (body: string) => body.slice(body.indexOf('<main'), body.indexOf('</main>'))

async function addPerson(columns: Record<string, string | boolean> = {}): Promise<string> {
  const all = { origin: 'entered', local_id: '0042', given_name: 'Ada', family_name: 'Example', ...columns }
  const names = Object.keys(all)
  const [row] = await fixture.rows(
    `insert into person (${names.join(', ')}) values (${names.map((_name, index) => `$${index + 1}`).join(', ')}) returning id`,
    Object.values(all),
  )
  return row?.id
}

describe('the form for a person', () => {
  const typed = {
    local_id: '0042',
    given_name: '<Emmy>',
    family_name: 'Noether',
    email: 'emmy at example',
    kind: 'student',
    start: '2021-02-30',
    title: 'Mathematics',
    confidential: 'yes',
  }

  test('says each fault at its field, keeps everything that was typed, and saves nothing', async () => {
    const location = await send('/staff/people/entry', typed)
    expect(location).toMatch(/\/staff\/people\/new\?draft=[\da-f-]{36}#wrong$/)
    const body = await read(location)
    expect(body).toContain('<title>Error: Add a person')
    for (const field of ['email', 'start']) {
      expect(body).toContain(`id="${field}-fault"`)
      expect(body).toContain(`href="#${field}"`)
    }
    expect(body).toContain('This is not an e-mail address')
    expect(body).toContain('there is no such day')
    for (const value of ['0042', '&lt;Emmy&gt;', 'Noether', 'emmy at example', '2021-02-30', 'Mathematics']) {
      expect(body).toContain(`value="${value}"`)
    }
    expect(body).toMatch(/<option value="student" selected/)
    expect(body).toMatch(/name="confidential"[^>]*checked/)
    expect(await fixture.rows(`select 1 from person where origin <> 'connected'`)).toEqual([])
    // Nobody else sees what was typed.
    const other = (await connect(fixture.stack, { orcid: josiah, purpose: 'sign-in' })).visitor
    await fixture.rows(`insert into staff_member (orcid, role, origin) values ($1, 'manager', 'test')`, [josiah])
    expect((await other.get(at(location))).body).not.toContain('Noether')
  })

  test('adds a person, refuses the number a second time, and changes the person', async () => {
    const good = {
      ...typed,
      given_name: 'Emmy',
      email: 'emmy@example.edu',
      start: '2021',
      language: 'es',
      confidential: '',
    }
    const added = await send('/staff/people/entry', good)
    expect(added).toMatch(/\/staff\/people\/[\da-f-]{36}\?note=added$/)
    expect(await read(added)).toContain('This person is on the roster now.')
    const id = added.split('/').at(-1)?.split('?')[0] ?? ''

    const again = await send('/staff/people/entry', good)
    expect(again).toContain('/staff/people/new?draft=')
    expect(await read(again)).toContain('Another person has this number.')

    const form = await read(`/staff/people/${id}/edit`)
    for (const value of ['0042', 'Emmy', 'emmy@example.edu', 'Mathematics']) expect(form).toContain(`value="${value}"`)
    const wrong = await send('/staff/people/entry', { ...good, person: id, end: '2020' })
    expect(wrong).toContain(`/staff/people/${id}/edit?draft=`)
    expect(await read(wrong)).toContain('The last day is before the start.')
    await send('/staff/people/entry', { ...good, person: id, family_name: 'Noether-Klein' })
    expect(await read(`/staff/people/${id}`)).toContain('Noether-Klein')
    // What the form shows is what it saves.
    const [saved] = await fixture.rows('select * from person where id = $1', [id])
    expect(saved).toMatchObject({ local_id: '0042', given_name: 'Emmy', email: 'emmy@example.edu', language: 'es' })
    expect(await read(`/staff/people/${id}/edit`)).toMatch(/<option[^>]*value="es"[^>]*selected/)
  })

  test('by somebody who may only look is not there', async () => {
    const id = await addPerson()
    await setRole('viewer')
    expect((await staff.get(at(`/staff/people/${id}`))).status).toBe(200)
    expect((await staff.get(at(`/staff/people/${id}/edit`))).status).toBe(404)
    expect((await staff.post(at('/staff/people/entry'), Object.entries(typed))).status).toBe(404)
    expect(mainOf(await read('/staff/people'))).not.toContain('type="checkbox"')
  })
})

describe('a person', () => {
  test('without an iD has one page, and with one leads to that of the iD, which says what the roster says', async () => {
    const id = await addPerson({ known_orcid: ada, email: 'ada@example.edu' })
    const before = mainOf(await read(`/staff/people/${id}`))
    expect(before).toContain('This person has not connected an iD.')
    expect(before).toContain('(unauthenticated)')
    expect(before).toContain('/id-icon-unauthenticated.svg')
    expect(before).not.toContain('/id-icon.svg')
    await connect(fixture.stack, { orcid: ada })
    const answer = await staff.get(at(`/staff/people/${id}`))
    expect([answer.status, answer.location]).toEqual([307, `/staff/researchers/${ada}`])
    const page = mainOf(await read(`/staff/researchers/${ada}?tab=institution`))
    expect(page).toContain('ada@example.edu')
    expect(page).toContain('The roster has this iD')
    expect(page).toContain(`/staff/people/${id}/edit`)
  })

  test('without an iD is found by the search of all pages', async () => {
    const id = await addPerson({ family_name: 'Quetzal' })
    expect(mainOf(await read('/staff/search?q=quetzal'))).toContain(`/staff/people/${id}`)
    await fixture.rows('update person set confidential = true where id = $1', [id])
    expect(mainOf(await read('/staff/search?q=quetzal'))).not.toContain(id)
  })

  test('with an iD from a file is shown with it, and is not counted as connected', async () => {
    await addPerson({ known_orcid: josiah })
    const row = mainOf(await read('/staff/people?q=0042'))
    expect(row).toContain(josiah)
    expect(row).toContain('(unauthenticated)')
    expect(row).toContain('One person')
    expect(mainOf(await read('/staff/people?q=0042&connection=connected'))).toContain('Nobody')
    expect(mainOf(await read(`/staff/researchers?q=${josiah}`))).toContain('Nobody')
  })

  test('who is confidential is found by administrators alone, with the whole number', async () => {
    const id = await addPerson({ confidential: true })
    const found = mainOf(await read('/staff/people?q=0042'))
    expect(found).toContain(`/staff/people/${id}`)
    expect(found).not.toContain('Example')
    expect((await staff.get(at(`/staff/people/${id}`))).status).toBe(200)
    await setRole('manager')
    expect(mainOf(await read('/staff/people?q=0042'))).not.toContain(id)
    for (const page of ['', '/edit', '/affiliation']) {
      expect((await staff.get(at(`/staff/people/${id}${page}`))).status).toBe(404)
    }
    expect(await read('/staff/people/export?format=csv&all=yes')).not.toContain('0042')
  })

  test('who has not connected gets affiliations that wait', async () => {
    const id = await addPerson()
    const entry = { person: id, type: 'employment', title: 'Lecturer', start: '2021' }
    const bad = await send('/staff/affiliations/entry', { ...entry, title: '' })
    expect(bad).toContain(`/staff/people/${id}/affiliation?draft=`)
    expect(await read(bad)).toContain('id="title-fault"')
    const preview = await send('/staff/affiliations/entry', entry)
    expect(await read(preview)).toContain('Waits until the person connects')
    await send('/staff/affiliations/apply', { draft: new URL(at(preview)).searchParams.get('draft') ?? '' })
    expect(await fixture.rows('select state::text, researcher_id from affiliation')).toEqual([
      { state: 'waiting_for_person', researcher_id: null },
    ])
    expect(mainOf(await read(`/staff/people/${id}`))).toContain('Waiting for the person')
  })
})

test('the number of somebody on the roster, given to an iD, is answered in words', async () => {
  await connect(fixture.stack, { orcid: ada })
  const give = async (local_id: string) => {
    const location = await send('/staff/researchers/details', { orcid: ada, department: 'Physics', local_id })
    return mainOf(await read(location))
  }
  await addPerson({ local_id: '0043', given_name: 'Xiomara', family_name: 'Quetzal' })
  expect(await give('0043')).toContain('may be another person')
  await addPerson({ local_id: '0042' })
  expect(await give('0042')).toContain('this iD is now bound to that person')
  expect(await give('0043')).toContain('Another person has that number. Nothing was changed.')
  expect(await give('0044')).toContain('Saved.')
})

describe('a file of people', () => {
  test('has those ticked, with iDs from files apart, and tells each of them of it, also who connects later', async () => {
    const id = await addPerson({ known_orcid: ada, family_name: '=Example' })
    await addPerson({ local_id: '0050', given_name: 'Not', family_name: 'Ticked' })
    const file = await staff.get(at(`/staff/people/export?format=csv&person=${id}`))
    expect(file.headers.get('content-disposition')).toMatch(/people-.*\.csv/)
    const [head = '', line = '', ...more] = file.body.replace('\ufeff', '').trim().split('\r\n')
    expect(more).toEqual([])
    const cells = Object.fromEntries(head.split(',').map((name, index) => [name, line.split(',')[index]]))
    expect(cells).toMatchObject({
      local_id: '"0042"',
      family_name: `"'=Example"`,
      orcid: '',
      unauthenticated_orcid: ada,
    })
    expect(cells.authenticated).toBe('false')

    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const data = JSON.parse((await visitor.get(at('/me/data'))).body)
    expect(data.exports).toMatchObject([{ action: 'people.exported' }])
    expect((await visitor.get(at('/me'))).body).toContain('exported a list that includes you')
    const other = (await connect(fixture.stack, { orcid: josiah })).visitor
    expect(JSON.parse((await other.get(at('/me/data'))).body).exports).toEqual([])
  })

  test('of all that match has no others, and is listed among the files', async () => {
    await addPerson({ kind: 'staff' })
    await addPerson({ kind: 'guest', local_id: '0050' })
    const { body } = await staff.get(at('/staff/people/export?format=csv&all=yes&kind=guest'))
    expect(body).toContain('0050')
    expect(body).not.toContain('0042')
    const runs = mainOf(await read('/staff/exports'))
    expect(runs).toContain('People, CSV')
    expect(runs).toContain('Guest')
    expect((await staff.get(at('/staff/people/export?format=pdf&all=yes'))).status).toBe(400)
    expect((await staff.get(at('/staff/people/export?format=csv'))).status).toBe(400)
  })
})
