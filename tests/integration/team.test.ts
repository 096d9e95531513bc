import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { listDerivedFaults } from '@/lib/grants/derived'
import { connect, until } from '@/tests/support/journey'
import { teamPerFile } from '@/tests/support/team'
import type { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const admin = '0000-0099-5475-2774'

const { fixture, address, addStaff, makeLink, join, signIn, rolesNow, actions } = teamPerFile(admin)
const memberId = async (orcid: string): Promise<string> =>
  (await fixture.rows(`select id from staff_member where orcid = $1`, [orcid]))[0]?.id

describe('a role', () => {
  const change = async (visitor: Visitor, member: string, role: string, more: [string, string][] = []) =>
    (await visitor.post(address('/staff/team/role'), [['member', member], ['role', role], ...more])).location
  const take = async (visitor: Visitor, member: string) =>
    (await visitor.post(address('/staff/team/removal'), [['member', member]])).location

  test('that an administrator changes or takes away holds from the next request, and is written down', async () => {
    const member = await addStaff(josiah, 'viewer')
    const [boss, visitor] = [await signIn(admin), await signIn(josiah)]
    const exported = () => visitor.get(address('/staff/researchers/export?format=csv'))
    expect((await exported()).status).toBe(404)
    expect(await change(boss, member, 'manager')).toBe('/staff/team?note=changed')
    expect((await exported()).status).toBe(404)
    expect(await change(boss, member, 'manager', [['export', 'yes']])).toBe('/staff/team?note=changed')
    expect((await exported()).status).toBe(200)
    expect(await take(boss, member)).toBe(`/staff/team?note=removed&member=${member}`)
    expect((await visitor.get(address('/staff'))).status).toBe(404)
    expect((await visitor.get(address('/me'))).status).toBe(200)
    expect(await actions()).toEqual(['staff.role_changed', 'staff.rights_changed', 'staff.role_taken'])
  })

  test('is changed by administrators alone', async () => {
    await addStaff(josiah, 'manager')
    const visitor = await signIn(josiah)
    const target = await memberId(admin)
    for (const path of ['/staff/team/role', '/staff/team/removal']) {
      const answer = await visitor.post(address(path), [
        ['member', target],
        ['role', 'viewer'],
      ])
      expect([path, answer.status]).toEqual([path, 404])
    }
    expect((await visitor.get(address(`/staff/team/${target}`))).status).toBe(404)
  })

  test('of the last administrator cannot be taken or lowered', async () => {
    const boss = await signIn(admin)
    expect(await take(boss, await memberId(admin))).toBe('/staff/team?note=last-admin')
    expect(await change(boss, await memberId(admin), 'viewer')).toBe('/staff/team?note=last-admin')
    expect(await rolesNow()).toEqual([{ orcid: admin, role: 'admin' }])
  })

  test('of an administrator is left to one of two who take each other off the team at once, every time', async () => {
    for (let round = 0; round < 10; round++) {
      await fixture.rows(`delete from staff_member where orcid is distinct from $1`, [admin])
      await fixture.rows(`update staff_member set ended_at = null`)
      const [first, second] = [await memberId(admin), await addStaff(josiah, 'admin')]
      const [boss, other] = [await signIn(admin), await signIn(josiah)]
      await Promise.all([take(boss, second), take(other, first), take(boss, first), take(other, second)])
      expect((await rolesNow()).filter(({ role }) => role === 'admin')).toHaveLength(1)
    }
  })
})

describe('a limit to departments', () => {
  const limit = (departments: string[]): [string, string][] => [
    ['limit', 'some'],
    ...departments.map((department): [string, string] => ['department', department]),
  ]
  const rightsOf = async (orcid: string) =>
    (await fixture.rows(`select role::text, departments, may_export from staff_member where orcid = $1`, [orcid]))[0]
  const change = (visitor: Visitor, fields: [string, string][]) => visitor.post(address('/staff/team/role'), fields)

  test('comes with an invitation, is changed and lifted by administrators, and is written down', async () => {
    await fixture.rows(
      `insert into person (local_id, origin, family_name, department) values ('1', 'entered', 'Curie', 'Science / Physics'), ('2', 'entered', 'Solon', 'Law')`,
    )
    const boss = await signIn(admin)
    const invited = await boss.post(address('/staff/team/invitations'), [
      ['role', 'viewer'],
      ...limit([' Science ', '', 'Science']),
    ])
    expect(invited.location).toBe('/staff/team/invitations/link')
    const link = await boss.get(address('/staff/team/invitations/link'))
    expect(link.body).toMatch(/only <bdi[^>]*>Science/)
    const { visitor } = await join(/\/join#([\w-]{43})/.exec(link.body)?.[1] ?? '', ada)
    expect(await rightsOf(ada)).toEqual({ role: 'viewer', departments: ['Science'], may_export: false })
    const names = async () => (await visitor.get(address('/staff/people'))).body.match(/Curie|Solon/g)?.[0] ?? null
    const list = async () => (await visitor.get(address('/staff/people'))).body
    expect([await names(), (await list()).includes('Solon')]).toEqual(['Curie', false])

    const member = await memberId(ada)
    const rights: [string, string][] = [
      ['member', member],
      ['role', 'viewer'],
      ['export', 'yes'],
    ]
    expect((await change(boss, [...rights, ...limit(['Law'])])).location).toBe('/staff/team?note=changed')
    expect(await rightsOf(ada)).toEqual({ role: 'viewer', departments: ['Law'], may_export: true })
    expect([(await list()).includes('Curie'), (await list()).includes('Solon')]).toEqual([false, true])
    expect((await change(boss, [...rights, ['limit', 'all']])).location).toBe('/staff/team?note=changed')
    expect([(await list()).includes('Curie'), (await list()).includes('Solon')]).toEqual([true, true])
    expect(await actions()).toEqual(['staff.invited', 'staff.joined', 'staff.rights_changed', 'staff.rights_changed'])
    const [changed] = await fixture.rows(
      `select detail from audit_event where action = 'staff.rights_changed' order by id`,
    )
    expect(changed?.detail).toMatchObject({ role: 'viewer', departments: ['Law'], mayExport: true })
  })

  test('names a department that somebody is in, or nothing is changed and the form comes back as it was typed', async () => {
    await fixture.rows(`insert into person (local_id, origin, department) values ('1', 'entered', 'Science / Physics')`)
    const member = await addStaff(ada, 'viewer')
    const boss = await signIn(admin)
    for (const [departments, fault] of [
      [[], 'none'],
      [['Sience'], 'unknown'],
    ] as const) {
      const answer = await change(boss, [['member', member], ['role', 'manager'], ...limit([...departments])])
      expect(answer.location).toContain(`fault=${fault}`)
      const page = (await boss.get(address(answer.location ?? ''))).body
      for (const department of departments) expect(page).toContain(`value="${department}"`)
      const invitation = await boss.post(address('/staff/team/invitations'), [
        ['role', 'viewer'],
        ...limit([...departments]),
      ])
      expect(invitation.location).toContain(`fault=${fault}`)
    }
    expect(await rightsOf(ada)).toEqual({ role: 'viewer', departments: [], may_export: false })
    expect(await actions()).toEqual([])
  })

  test('is never that of an administrator', async () => {
    await fixture.rows(`insert into person (local_id, origin, department) values ('1', 'entered', 'Science')`)
    const member = await addStaff(ada, 'viewer')
    const boss = await signIn(admin)
    await change(boss, [['member', member], ['role', 'manager'], ...limit(['Science'])])
    await change(boss, [['member', member], ['role', 'admin'], ...limit(['Science'])])
    expect(await rightsOf(ada)).toEqual({ role: 'admin', departments: [], may_export: false })
    await expect(
      fixture.rows(`update staff_member set departments = '{Science}' where orcid = $1`, [ada]),
    ).rejects.toThrow('staff_member_admin_unlimited')
  })
})

test('the page of the team says of each role what the gates let it do, and managers see what colleagues did', async () => {
  await addStaff(josiah, 'manager')
  const visitor = await signIn(josiah)
  const page = (await visitor.get(address('/staff/team'))).body
  const rows = [...page.matchAll(/<tr><th scope="row"[^>]*>(.*?)<\/tr>/g)].map(([, row = '']) => ({
    ability: /^[^<]*/.exec(row)?.[0],
    marks: [...row.matchAll(/<span class="sr-only">(Yes|No)<\/span>/g)].map(([, mark]) => mark).join(' '),
  }))
  expect(rows).toContainEqual({
    ability: 'See and search people, their state and their permissions',
    marks: 'Yes Yes Yes',
  })
  expect(rows).toContainEqual({ ability: 'Write notes about a person', marks: 'No Yes Yes' })
  expect(rows).toContainEqual({ ability: 'Invite to the team, and change roles', marks: 'No No Yes' })
  const activity = /href="(\/staff\/audit\?actor=[^"]*)"/.exec(page)?.[1] ?? ''
  expect(activity).toContain(admin)
  expect((await visitor.get(address(activity))).status).toBe(200)
})

describe('somebody who signs in only to work', { timeout: 300_000 }, () => {
  const listed = async (visitor: Visitor, query = '') =>
    [...(await visitor.get(address(`/staff/researchers?sort=orcid${query}`))).body.matchAll(/<td data-place="orcid"/g)]
      .length
  const exported = async (visitor: Visitor) =>
    (await visitor.get(address('/staff/researchers/export?format=csv&column=name'))).body.trim().split('\r\n').length -
    1
  const counted = async (visitor: Visitor) => {
    // Connected, identity only, withdrawn and expired.
    const tiles = (await visitor.get(address('/staff/figures'))).body.match(/(?<=text-2xl tabular-nums">)\d+(?=<)/g)
    return (tiles ?? []).slice(0, 4).reduce((sum, number) => sum + Number(number), 0)
  }

  /** In the list, the file of all and the overview; and what is derived agrees. */
  async function expectPeople(visitor: Visitor, count: number): Promise<void> {
    const client = new pg.Client({ connectionString: fixture.stack.database.url })
    await client.connect()
    const faults = await listDerivedFaults(client)
    await client.end()
    expect(faults).toEqual([])
    expect([await listed(visitor), await exported(visitor)]).toEqual([count, count])
    expect(await counted(visitor)).toBe(count)
  }

  test('is no researcher in the list, the overview, the files or the counts, and has a page of their own', async () => {
    const boss = await signIn(admin)
    await expectPeople(boss, 0)
    expect(await listed(boss, '&state=identity-only')).toBe(0)
    expect((await boss.get(address('/staff'))).body).not.toContain(`/staff/researchers/${admin}"`)
    expect((await boss.get(address('/me'))).status).toBe(200)
    await signIn(ada)
    await expectPeople(boss, 1)
  })

  test('is one as soon as they connect, and stays one who withdrew', async () => {
    await signIn(admin)
    const { visitor } = await connect(fixture.stack, { orcid: admin })
    await expectPeople(visitor, 1)
    await visitor.post(address('/me/withdrawal'))
    await expectPeople(visitor, 1)
    expect(await listed(visitor, '&state=withdrawn')).toBe(1)
  })

  test('is one again without a role, and none with one', async () => {
    const boss = await signIn(admin)
    await signIn(ada)
    await expectPeople(boss, 1)
    await join(await makeLink(boss, 'viewer'), ada)
    await expectPeople(boss, 0)
    await boss.post(address('/staff/team/removal'), [['member', await memberId(ada)]])
    await expectPeople(boss, 1)
  })
})

test('sessions beyond the limits are marked as ended by a job, so that no change of a role brings them back', async () => {
  await signIn(admin)
  await fixture.rows(`update session set last_seen_at = now() - interval '31 minutes'`)
  await fixture.rows(`select graphile_worker.add_job('end-sessions', '{}'::json)`)
  await until(
    'it is ended',
    async () => (await fixture.rows(`select 1 from session where ended_at is null`)).length === 0,
  )
})
