import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '@/lib/actor'
import { countAffiliations } from '@/lib/affiliations/queries'
import { closePool } from '@/lib/db'
import { writeDailyFigures } from '@/lib/figures/daily'
import { addPerson, bindByStaff, changePerson, type NewPerson, setInstitutionDetails } from '@/lib/people/commands'
import { countPeople, findPersonByLocalId, listPeople } from '@/lib/people/queries'
import { noPeopleFilters } from '@/lib/people/schema'
import { eraseAgain, eraseResearcher } from '@/lib/retention/erasing'
import { portalEnv } from '@/scripts/portal'
import { root } from '@/scripts/processes'
import { makeStaffActor } from '@/tests/support/actors'
import { commandArgs } from '@/tests/support/command'
import { connect, until } from '@/tests/support/journey'
import { testSecrets } from '@/tests/support/portal'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace })
const requestId = 'TEST-0001'
let staff: StaffActor

const settings = () => {
  const { database, portal, registry } = fixture.stack
  const env = { LOG_LEVEL: 'silent' }
  return portalEnv({ databaseUrl: database.portalUrl, port: portal.port, registry, secrets: testSecrets, env })
}
beforeAll(() => void Object.assign(process.env, settings()))
afterAll(closePool)

beforeEach(async () => {
  await fixture.rows('set session_replication_role = default')
  const [{ id } = { id: '' }] = await fixture.rows('select id::text from staff_member where orcid = $1', [grace])
  staff = makeStaffActor({ staffId: id, orcid: grace, role: 'admin' })
})

const bo: NewPerson = {
  localId: '00815',
  givenName: 'Bo',
  familyName: 'Wexford',
  email: 'bo@example.org',
  department: 'Physics',
  kind: 'staff',
  confidential: false,
  language: null,
}
const appointment = { title: 'Reader', startOn: '2020', endOn: null }
const addBo = (other: Partial<NewPerson> = {}) => addPerson(staff, { ...bo, ...other, appointment }, requestId)
const url = (path: string) => `${fixture.stack.portal.url}${path}`
const signIn = async () => (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor

async function people(...args: string[]) {
  const command = [...commandArgs('scripts/people'), ...args]
  const env = { ...process.env, ...settings() }
  return promisify(execFile)(process.execPath, command, { cwd: root, env }).then(
    ({ stdout }) => stdout,
    ({ stderr }) => String(stderr),
  )
}

/** Finds somebody by number and erases them, as an administrator does. */
async function eraseBo(admin: Visitor) {
  const { location } = await admin.post(url('/staff/privacy/look-up'), [['who', '00815']])
  const page = url(new URL(location ?? '', url('/')).pathname)
  expect((await admin.get(`${page}?reason=objected`)).body).toContain('This cannot be undone')
  const person = page.split('/').at(-2) ?? ''
  const fields = { person, reason: 'objected', sure: 'yes' }
  return admin.post(url('/staff/privacy/erasure'), Object.entries(fields))
}

describe('somebody who never connected', () => {
  test('is told on a public page what is held about them, once there is a roster', async () => {
    const admin = await signIn()
    expect((await admin.get(url('/privacy/roster'))).status).toBe(404)
    expect((await admin.get(url('/'))).body).not.toContain('/privacy/roster')
    await addBo()
    expect((await admin.get(url('/'))).body).toContain('/privacy/roster')
    const { body } = await admin.get(url('/privacy/roster'))
    for (const words of ['Entered by staff', 'your number', '12 months more', 'keyed hash', 'mailto:'])
      expect(body).toContain(words)
    expect(body).not.toContain('an ORCID iD that the institution’s systems have')
    expect(body).not.toContain('Wexford')
    // Nobody is written to here.
    expect(body).not.toContain('at most one mail a week')
  })

  test('has everything that is held about them taken out, and the history says so', async () => {
    const id = await addBo()
    const admin = await signIn()
    const about = JSON.parse((await admin.get(url(`/staff/people/${id}/privacy/data`))).body)
    expect(about).toMatchObject({
      ...bo,
      state: 'active',
      origin: 'entered',
      appointments: [{ title: 'Reader', startOn: '2020', department: 'Physics' }],
      events: [{ action: 'person.added' }, { action: 'person.data_downloaded' }],
    })
    expect(JSON.parse(await people('about', '00815'))).toMatchObject({ ...bo, events: { length: 3 } })
    expect(await people('about', '4711')).toContain('Nobody has the number 4711')
  })

  test('has in that file the mails, the rows of files, the attempts and the exports too, also of an entry that was merged', async () => {
    const id = await addBo()
    const [{ id: merged } = { id: '' }] = await fixture.rows(
      `insert into person (local_id, origin, merged_into_id) values ('00817', 'imported', $1) returning id::text`,
      [id],
    )
    for (const person of [id, merged]) {
      await fixture.rows(
        `insert into mail (kind, message_id, person_id, template, locale, values)
         values ('invitation', $1::text || '@example.org', $1::uuid, 'invitation', 'en', '{"name": "Bo"}')`,
        [person],
      )
      await fixture.rows(
        `with file as (insert into import (kind, file_name, state, saved_at)
           values ('people', 'roster.csv', 'saved', now()) returning id)
         insert into import_row (import_id, line, fields, verdict, person_id)
         select id, 2, '{"local_id": "from a file"}', 'unchanged', $1 from file`,
        [person],
      )
      await fixture.rows(
        `insert into export_part (export_id, action, person_ids) values (gen_random_uuid(), 'people.exported', array[$1::uuid])`,
        [person],
      )
    }
    await fixture.rows(
      `insert into export_part (export_id, action, person_ids) values (gen_random_uuid(), 'affiliations.exported', array[gen_random_uuid()])`,
    )
    const about = JSON.parse((await (await signIn()).get(url(`/staff/people/${id}/privacy/data`))).body)
    expect(about.mails).toMatchObject([{ kind: 'invitation', values: { name: 'Bo' } }, { kind: 'invitation' }])
    expect(about.imports).toMatchObject([{ fields: { local_id: 'from a file' }, import: {} }, { verdict: 'unchanged' }])
    expect(about.exports).toMatchObject([{ action: 'people.exported' }, { action: 'people.exported' }])
    expect(about.attempts).toEqual([])
  })

  test('is erased on objection, leaves a hash that no number leads to, and is refused from then on', async () => {
    await addBo()
    expect((await eraseBo(await signIn())).location).toContain('note=erased')
    expect(await fixture.rows('select 1 from person where local_id is not null')).toEqual([])
    const [objection, ...others] = await fixture.rows('select hash, reason::text from objection')
    expect(others).toEqual([])
    expect(objection).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/), reason: 'objected' })
    const everything = await fixture.rows(
      `select query_to_xml(format('select * from %I', tablename), true, false, '')::text as rows from pg_tables where schemaname = 'public'`,
    )
    expect(JSON.stringify(everything)).not.toMatch(/00815|Wexford|bo@example/)
    await expect(addBo()).rejects.toMatchObject({ fault: 'objected' })
    await expect(addBo({ localId: '00816' })).resolves.toBeTruthy()
    const other = (await findPersonByLocalId(staff, '00816'))?.id ?? ''
    await expect(changePerson(staff, other, { ...bo, appointment }, requestId)).rejects.toMatchObject({
      fault: 'objected',
    })
    await connect(fixture.stack, { orcid: ada })
    const [{ id } = { id: '' }] = await fixture.rows('select id::text from researcher where orcid = $1', [ada])
    const details = { department: null, localId: '00815' }
    await expect(setInstitutionDetails(staff, id, details)).rejects.toMatchObject({ fault: 'objected' })
  })

  test('can be on the roster again if they change their mind', async () => {
    await addBo()
    const admin = await signIn()
    await eraseBo(admin)
    const lookUp = () => admin.post(url('/staff/privacy/look-up'), [['who', '00815']])
    expect((await lookUp()).location).toContain('note=struck_off')
    const fields = { who: '00815', sure: 'yes' }
    expect((await admin.post(url('/staff/privacy/lift'), Object.entries(fields))).location).toContain('note=lifted')
    expect((await lookUp()).location).toContain('note=unknown')
    await expect(addBo()).resolves.toBeTruthy()
  })

  test('is erased by a command, and once more when a backup brings them back', async () => {
    const id = await addBo()
    expect(await people('erase', '00815', '--reason', 'boredom')).toContain('Usage')
    expect(await people('erase', '00815')).toContain('Erased')
    // Its row tells the ledger.
    expect(await fixture.rows('select researcher_id as id, reason::text from erasure')).toEqual([
      { id, reason: 'asked' },
    ])
    await expect(addBo()).rejects.toMatchObject({ fault: 'objected' })
    await fixture.rows('delete from erasure')
    await fixture.rows(`insert into person (id, local_id, origin) values ($1, '00815', 'imported')`, [id])
    expect(await eraseAgain(id, new Date())).toBe(true)
    expect(await fixture.rows(`select 1 from person where local_id = '00815'`)).toEqual([])
  })

  test('is in the dry run of leavers as text, unless confidential', async () => {
    await addBo()
    await fixture.rows(`update person set leaves_on = current_date + 3 where local_id = '00815'`)
    const printed = await people('leavers')
    expect(printed).toContain('LEAVERS=end-date,pause,revoke: paused for 180 days, kept for 12 months')
    expect(printed).toMatch(/\d{4}-\d\d-\d\d {2}last day over +00815 +Bo Wexford/)
    await fixture.rows(`update person set confidential = true where local_id = '00815'`)
    expect(await people('leavers')).not.toContain('Wexford')
  })

  test('who has connected is erased on the page of their iD instead', async () => {
    await connect(fixture.stack, { orcid: ada })
    await fixture.rows(`update person set local_id = 'hr-ada' where orcid = $1`, [ada])
    expect(await people('erase', 'hr-ada')).toContain('This person has an iD')
    const [{ id } = { id: '' }] = await fixture.rows('select id::text from person where orcid = $1', [ada])
    const page = (await (await signIn()).get(url(`/staff/people/${id}/privacy`))).body
    expect(page).toContain(`/staff/researchers/${ada}/erase`)
    expect(page).not.toContain('/staff/privacy/erasure')
  })
})

describe('somebody on the roster who had connected', () => {
  const rosters = [
    ['number', 'hr-ada', 'local_id,name,email\nhr-ada,Ada Example,ada@example.org\nhr-9,Li Sample,li@example.org\n'],
    ['address', 'ADA@example.org', 'name,email\nAda Example,ada@example.org\nLi Sample,li@example.org\n'],
  ] as const

  /** Uploads a roster and saves it. The verdict on each row. */
  async function importRoster(admin: Visitor, text: string) {
    const form = new FormData()
    form.set('file', new Blob([text]), 'roster.csv')
    form.set('kind', 'people')
    const { location } = await admin.post(url('/staff/import/upload'), form)
    const id = new URL(location ?? '', url('/')).pathname.split('/').at(-1) ?? ''
    const is = (state: string) => async () =>
      (await fixture.rows('select 1 from import where id = $1 and state = $2::import_state', [id, state])).length > 0
    await until('the roster is read', is('preview'))
    await admin.post(url('/staff/import/saving'), [['import', id]])
    await until('the roster is saved', is('saved'))
    return fixture.rows(
      `select verdict::text, fields, faults #>> '{0,code}' as fault from import_row where import_id = $1 order by line`,
      [id],
    )
  }

  /** Their iD is bound to their entry. */
  async function connectAda(): Promise<{ visitor: Visitor; researcherId: string }> {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const [{ id: researcherId } = { id: '' }] = await fixture.rows('select id::text from researcher where orcid = $1', [
      ada,
    ])
    const [{ id: personId } = { id: '' }] = await fixture.rows(
      `select id::text from person where email = 'ada@example.org'`,
    )
    expect(await bindByStaff(staff, { personId, researcherId, requestId })).toBe(true)
    return { visitor, researcherId }
  }
  const listed = () => fixture.rows('select name from person where email is not null order by name')

  test.each(rosters)('and erases themselves is not brought back, by their %s', async (_by, typed, roster) => {
    const admin = await signIn()
    await importRoster(admin, roster)
    const { visitor } = await connectAda()
    expect((await visitor.get(url('/me/erase'))).body).toContain('keeps the next list from bringing you back')
    await visitor.post(url('/me/erasure'), [['sure', 'yes']])
    expect(await listed()).toEqual([{ name: 'Li Sample' }])

    const key = typed === 'hr-ada' ? { local_id: 'hr-ada' } : { email: 'ada@example.org' }
    expect(await importRoster(admin, roster)).toMatchObject([
      { verdict: 'refused', fault: 'objected', fields: key },
      { verdict: 'unchanged' },
    ])
    const [row] = await fixture.rows(`select fields, name from import_row where verdict = 'refused'`)
    expect(row).toEqual({ fields: key, name: null })
    // Who is not there is not invited.
    expect(await listed()).toEqual([{ name: 'Li Sample' }])

    const lookUp = () => admin.post(url('/staff/privacy/look-up'), [['who', typed]])
    expect((await lookUp()).location).toContain('note=struck_off')
    const lifted = [
      ['who', typed],
      ['sure', 'yes'],
    ] as [string, string][]
    expect((await admin.post(url('/staff/privacy/lift'), lifted)).location).toContain('note=lifted')
    expect(await importRoster(admin, roster)).toMatchObject([{ verdict: 'added' }, { verdict: 'unchanged' }])
    expect((await lookUp()).location).toMatch(/\/staff\/people\/[0-9a-f-]{36}\/privacy$/)
  })

  test.each([
    ['asked', 'refused'],
    ['obligation', 'refused'],
    ['mistake', 'refused'],
    ['left', 'added'],
  ] as const)('and is erased by staff because of "%s" is %s when the roster comes again', async (reason, verdict) => {
    const admin = await signIn()
    const [, , roster] = rosters[0]
    await importRoster(admin, roster)
    const { researcherId } = await connectAda()
    expect(await eraseResearcher(staff, researcherId, reason)).toBe(true)
    expect(await importRoster(admin, roster)).toMatchObject([{ verdict }, { verdict: 'unchanged' }])
  })
})

describe('somebody confidential', () => {
  const name = 'Canary Quillfeather'
  const traces = new RegExp(`Quillfeather|${ada}|hr-quill|Secret Studies`)
  let admin: Visitor

  beforeEach(async () => {
    await connect(fixture.stack, { orcid: ada })
    await fixture.rows('update researcher set name = $2 where orcid = $1', [ada, name])
    await fixture.rows(
      `update person set confidential = true, local_id = 'hr-quill', department = 'Secret Studies',
         leaves_on = current_date + 5, known_orcid = null where orcid = $1`,
      [ada],
    )
    await fixture.rows(
      `insert into affiliation (person_id, researcher_id, kind, external_id, title, department, origin, state)
       select id, researcher_id, 'employment', 'hr-1', 'Lecturer', 'Secret Studies', 'entered', 'refused'
       from person where orcid = $1`,
      [ada],
    )
    admin = await signIn()
    await admin.get(url(`/staff/researchers/${ada}`))
  })

  test.each([
    '/staff',
    '/staff/figures',
    '/staff/summary',
    '/staff/departments',
    '/staff/researchers',
    '/staff/researchers?state=connected',
    '/staff/researchers?department=Secret+Studies',
    '/staff/affiliations',
    '/staff/affiliations?state=refused',
    '/staff/attempts',
    '/staff/audit',
    '/staff/audit?action=grant.saved',
    '/staff/leavers',
    '/staff/exports',
    '/staff/researchers/export?format=csv',
    '/staff/researchers/export?format=jsonl',
    '/staff/researchers/export?format=ldif&dn=orcid%3D%7Borcid%7D',
    '/staff/audit/export?format=csv',
    '/staff/audit/export?format=json',
  ])('is not at %s, not even for administrators', async (path) => {
    const { body, status } = await admin.get(url(path))
    expect([200, 400]).toContain(status)
    const said = body.replaceAll(/Secret[ +]Studies/g, path.includes('Secret') ? '' : '$&')
    expect(said).not.toMatch(traces)
  })

  test.each(['Quillfeather', 'Quilfeather', 'hr-quill', ada])('is found by no search, nor suggested: %s', async (q) => {
    const asked = new URLSearchParams({ q })
    const subject = new URLSearchParams({ subject: q })
    const typed = new RegExp(`${q}`, 'g')
    for (const path of [
      `/staff/researchers?${asked}`,
      `/staff/affiliations?${asked}`,
      `/staff/attempts?${asked}`,
      `/staff/audit?${subject}`,
      ...(q === ada ? [] : [`/staff/search?${asked}`]),
    ]) {
      const { body } = await admin.get(url(path))
      expect(body.replaceAll(typed, ''), path).not.toMatch(traces)
      expect(body, path).not.toContain(`/staff/researchers/${ada}"`)
    }
  })

  test('counts nowhere', async () => {
    const all = await listPeople(staff, noPeopleFilters, [])
    expect(all.rows.map(({ localId }) => localId)).not.toContain('hr-quill')
    expect(await countPeople(staff, { ...noPeopleFilters, q: 'hr-quill' }, [])).toBe(0)
    expect(await countPeople(staff, { ...noPeopleFilters, department: 'Secret Studies' }, [])).toBe(0)
    expect(await countAffiliations(staff)).toMatchObject({ refused: 0 })
    await fixture.rows(`update "grant" set granted_at = granted_at - interval '3 days'`)
    await writeDailyFigures()
    expect(await fixture.rows('select 1 from daily_figure where value > 0')).toEqual([])
  })

  test('has pages that only administrators open', async () => {
    const [item] = await fixture.rows('select id::text from affiliation')
    const [attempt] = await fixture.rows(
      'select reference from authorization_attempt a join researcher r on r.id = a.researcher_id where r.orcid = $1',
      [ada],
    )
    const pages = [
      `/staff/researchers/${ada}`,
      `/staff/researchers/${ada}/record`,
      `/staff/affiliations/${item?.id}`,
      `/staff/attempts/${attempt?.reference}`,
    ]
    for (const page of pages) expect((await admin.get(url(page))).status, page).toBe(200)
    for (const role of ['manager', 'viewer']) {
      await fixture.rows('update staff_member set role = $1::staff_role', [role])
      for (const page of pages) {
        const { status, body } = await admin.get(url(page))
        expect(status, `${role} ${page}`).toBe(404)
        expect(body.replaceAll(ada, '')).not.toMatch(/Quillfeather/)
      }
    }
    await fixture.rows(`update staff_member set role = 'admin'`)
  })
})
