import { beforeEach, describe, expect, test } from 'vitest'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'
import { words } from '@/tests/support/words'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const manager = '0000-0099-4262-1291'
const admin = '0000-0099-5475-2774'

const fixture = stackPerFile({ STAFF_ADMINS: admin })

beforeEach(async () => {
  await fixture.rows(
    `insert into staff_member (orcid, role, origin) values ($1, 'manager', 'test')
    on conflict (orcid) do update set role = 'manager'`,
    [manager],
  )
})

const at = (path: string) => `${fixture.stack.portal.url}${path}`
const pageOf = (orcid: string) => at(`/staff/researchers/${orcid}`)
const signIn = async (orcid: string) => (await connect(fixture.stack, { orcid, purpose: 'sign-in' })).visitor
const post = (visitor: Visitor, path: string, fields: Record<string, string>) =>
  visitor.post(at(`/staff/researchers/${path}`), Object.entries(fields))

describe('a note about somebody', () => {
  const notes = () => fixture.rows('select text, removed_at is not null as removed from note order by added_at')

  test('is read by staff and in the person’s download, and the history knows that it is there and not what it says', async () => {
    const { visitor: person } = await connect(fixture.stack, { orcid: ada })
    const staff = await signIn(manager)
    const text = 'Called on Monday.\r\n<b>Will</b> connect again.'
    const added = await post(staff, 'note', { orcid: ada, text })
    expect(added.location).toBe(`/staff/researchers/${ada}?result=note-added#notes`)
    expect((await staff.get(`${pageOf(ada)}?tab=notes`)).body).toContain(
      'Called on Monday.\n&lt;b&gt;Will&lt;/b&gt; connect again.',
    )
    const data = JSON.parse((await person.get(at('/me/data'))).body)
    expect(data.notes).toMatchObject([{ text: 'Called on Monday.\n<b>Will</b> connect again.', removedAt: null }])
    expect(words((await person.get(at('/me'))).body)).toContain('wrote a note about you')
    const events = await fixture.rows(`select action, detail::text from audit_event where action like 'note.%'`)
    expect(events).toEqual([{ action: 'note.added', detail: '{}' }])
  })

  test('is removed by whoever wrote it or an administrator, for good, and by nobody else', async () => {
    await connect(fixture.stack, { orcid: ada })
    const [writer, boss] = [await signIn(manager), await signIn(admin)]
    for (const [who, text] of [
      [boss, 'by the administrator'],
      [writer, 'by the manager'],
      [writer, 'by the manager again'],
    ] as const) {
      await post(who, 'note', { orcid: ada, text })
    }
    const ids = (await fixture.rows('select id from note order by added_at')).map(({ id }) => id)
    const remove = async (who: Visitor, id: string) =>
      (await post(who, 'note/removal', { orcid: ada, note: id })).location
    expect(await remove(writer, ids[0])).toContain('result=note-kept')
    expect(await remove(writer, ids[1])).toContain('result=note-removed')
    expect(await remove(boss, ids[2])).toContain('result=note-removed')
    expect(await remove(boss, ids[2])).toContain('result=note-kept')
    expect(await notes()).toEqual([
      { text: 'by the administrator', removed: false },
      { text: null, removed: true },
      { text: null, removed: true },
    ])
    const left = (await boss.get(`${pageOf(ada)}?tab=notes`)).body
    expect(left).toContain('by the administrator')
    expect(left).not.toContain('by the manager')
  })

  test('with no words or too many is not added, and one about nobody leads to the list', async () => {
    await connect(fixture.stack, { orcid: ada })
    const staff = await signIn(manager)
    for (const text of [' \r\n ', 'x'.repeat(2_001)]) {
      expect((await post(staff, 'note', { orcid: ada, text })).location).toContain('result=note-refused')
    }
    expect((await post(staff, 'note', { orcid: josiah, text: 'x' })).location).toBe('/staff/researchers')
    expect(await notes()).toEqual([])
  })

  test('goes with the person', async () => {
    await connect(fixture.stack, { orcid: ada })
    const staff = await signIn(admin)
    await post(staff, 'note', { orcid: ada, text: 'Called on Monday' })
    await post(staff, 'erasure', { orcid: ada, reason: 'asked', sure: 'yes' })
    expect(await notes()).toEqual([])
  })
})

describe('what the institution knows of somebody', () => {
  test('is written by staff, told to the person, and not repeated in the history', async () => {
    const { visitor: person } = await connect(fixture.stack, { orcid: ada })
    const staff = await signIn(manager)
    const saved = await post(staff, 'details', { orcid: ada, department: ' Physics ', local_id: 'hr-4711' })
    expect(saved.location).toBe(`/staff/researchers/${ada}?result=details-saved#details`)
    await post(staff, 'details', { orcid: ada, department: 'Physics', local_id: 'hr-4711' })
    for (const body of [(await staff.get(pageOf(ada))).body, (await person.get(at('/me'))).body]) {
      expect(words(body)).toMatch(/Department\s+Physics/)
      expect(words(body)).toMatch(/Local identifier\s+hr-4711/)
    }
    const events = await fixture.rows(
      `select detail::text from audit_event where action = 'researcher.details_changed'`,
    )
    expect(events).toEqual([{ detail: '{}' }])
    await post(staff, 'details', { orcid: ada, department: '', local_id: '' })
    expect(await fixture.rows('select department, local_id from person where orcid = $1', [ada])).toEqual([
      { department: null, local_id: null },
    ])
  })

  test('is a conflict where the local identifier is somebody else’s, and gives nobody another iD', async () => {
    await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: josiah })
    const staff = await signIn(manager)
    const save = (orcid: string) => post(staff, 'details', { orcid, department: '', local_id: 'hr-1' })
    await save(ada)
    expect((await save(josiah)).location).toBe(`/staff/researchers/${josiah}?result=details-conflict#details`)
    expect(await fixture.rows(`select orcid from person where local_id = 'hr-1'`)).toEqual([{ orcid: ada }])
    expect(await fixture.rows('select kind::text from conflict')).toEqual([{ kind: 'one_person_two_ids' }])
    const tell = async (orcid: string) => words((await staff.get(pageOf(orcid))).body)
    for (const orcid of [ada, josiah]) {
      const said = await tell(orcid)
      expect(said).toContain('One person, two iDs')
      expect(said).toContain('Nothing is written to the record of either side until this is decided.')
    }
    await fixture.rows(`update conflict set resolved_at = now(), resolution = 'kept'`)
    for (const orcid of [ada, josiah]) expect(await tell(orcid)).not.toContain('One person, two iDs')
  })

  test('that does not fit together is shown on both pages with who else is concerned and what to do', async () => {
    await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: josiah })
    const staff = await signIn(manager)
    const tell = async (orcid: string) => words((await staff.get(pageOf(orcid))).body)
    await fixture.rows(
      `update researcher set primary_orcid = $2, merged_into_id = (select id from researcher where orcid = $2)
       where orcid = $1`,
      [ada, josiah],
    )
    for (const orcid of [ada, josiah]) {
      expect(await tell(orcid)).toContain('both have permissions')
    }
  })
})
