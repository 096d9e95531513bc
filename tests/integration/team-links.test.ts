import { describe, expect, test } from 'vitest'
import { decideAtOrcid } from '@/tests/support/journey'
import { teamPerFile } from '@/tests/support/team'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const admin = '0000-0099-5475-2774'

const { fixture, address, addStaff, makeLink, presentLink, join, signIn, rolesNow, actions } = teamPerFile(admin)

describe('a link to join the team', () => {
  test('gives its role to the iD that ORCID vouches for, once', async () => {
    const boss = await signIn(admin)
    const code = await makeLink(boss, 'manager')
    const { visitor, answer } = await join(code, ada)
    expect(answer.location).toBe('/staff')
    expect((await visitor.get(address('/staff'))).status).toBe(200)
    expect(await rolesNow()).toContainEqual({ orcid: ada, role: 'manager' })
    expect((await presentLink(code)).location).toBe('/join?note=unusable')
    expect(await actions()).toEqual(['staff.invited', 'staff.joined'])
  })

  test('is shown once, kept as a hash, and is in no address that a server is sent and in no log', async () => {
    const boss = await signIn(admin)
    const code = await makeLink(boss, 'viewer')
    expect(boss.received.filter((answer) => answer.includes(code))).toHaveLength(1)
    expect((await boss.get(address('/staff/team/invitations/link'))).location).toBe('/staff/team?note=shown-once')
    expect((await boss.get(address('/staff/team'))).body).not.toContain(code)
    const { answer } = await join(code, ada)
    expect(answer.location).not.toContain(code)
    expect(JSON.stringify(await fixture.rows(`select * from staff_invitation`))).not.toContain(code)
    expect(JSON.stringify(await fixture.rows(`select * from audit_event`))).not.toContain(code)
    expect(fixture.stack.portal.logs.join('\n')).not.toContain(code)
  })

  test.each([
    ['has expired', `update staff_invitation set expires_at = now() - interval '1 second'`],
    ['was withdrawn', `update staff_invitation set withdrawn_at = now()`],
    ['is none of ours', `update staff_invitation set secret_hash = 'another'`],
  ])('that %s leads to a page that says so, and to no attempt', async (_what, statement) => {
    const code = await makeLink(await signIn(admin), 'viewer')
    await fixture.rows(statement)
    const answer = await presentLink(code)
    expect([answer.location, answer.headers.getSetCookie()]).toEqual(['/join?note=unusable', []])
    expect((await new Visitor().get(address('/join?note=unusable'))).body).toContain('This link cannot be used')
  })

  test('that ends while its holder is at ORCID gives no role, and the page says so', async () => {
    const boss = await signIn(admin)
    const visitor = new Visitor()
    const callback = await decideAtOrcid(visitor, await presentLink(await makeLink(boss, 'admin'), visitor), {
      orcid: ada,
    })
    const [{ id }] = await fixture.rows(`select id from staff_invitation`)
    const answer = await boss.post(address('/staff/team/invitations/withdrawal'), [['invitation', id]])
    expect(answer.location).toBe('/staff/team?note=withdrawn')
    expect((await visitor.get(callback)).location).toBe('/join/over')
    expect((await visitor.get(address('/staff'))).status).toBe(404)
    expect(await actions()).toEqual(['staff.invited', 'staff.invitation_withdrawn'])
  })

  test('whose code at ORCID grew old gives its role when ORCID is asked again', async () => {
    const visitor = new Visitor()
    const start = await presentLink(await makeLink(await signIn(admin), 'viewer'), visitor)
    const callback = await decideAtOrcid(visitor, start, { orcid: ada })
    await fixture.stack.registry.configure({ codeLifetimeS: 0 })
    expect(fixture.pathOf((await visitor.get(callback)).location)).toBe('/connect/code-expired')
    await fixture.stack.registry.configure({ codeLifetimeS: 600 })
    const again = await visitor.post(address('/connect/start'), [['purpose', 'again']])
    const answer = await visitor.get(await decideAtOrcid(visitor, again, { orcid: ada }))
    expect(answer.location).toBe('/staff')
  })

  test('used by two at once gives its role to one', async () => {
    const code = await makeLink(await signIn(admin), 'viewer')
    const visitors = [new Visitor(), new Visitor()]
    const callbacks = await Promise.all(
      visitors.map(async (visitor, index) =>
        decideAtOrcid(visitor, await presentLink(code, visitor), { orcid: index === 0 ? ada : josiah }),
      ),
    )
    const answers = await Promise.all(visitors.map((visitor, index) => visitor.get(callbacks[index] ?? '')))
    expect(answers.map(({ location }) => location).sort()).toEqual(['/join/over', '/staff'])
    expect(await rolesNow()).toHaveLength(2)
  })

  test('changes nothing for somebody who has a role, and stays good for another', async () => {
    const code = await makeLink(await signIn(admin), 'viewer')
    await join(code, admin)
    expect(await rolesNow()).toEqual([{ orcid: admin, role: 'admin' }])
    await join(code, ada)
    expect(await rolesNow()).toContainEqual({ orcid: ada, role: 'viewer' })
  })

  test('ends when its maker is no administrator any more', async () => {
    const other = await addStaff(josiah, 'admin')
    const code = await makeLink(await signIn(josiah), 'admin')
    await (await signIn(admin)).post(address('/staff/team/role'), [
      ['member', other],
      ['role', 'viewer'],
    ])
    expect((await presentLink(code)).location).toBe('/join?note=unusable')
  })

  test('is shown in the session that made it, and in no other that holds a copy of its cookie', async () => {
    const [boss, other] = [await signIn(admin), await signIn(admin)]
    await boss.post(address('/staff/team/invitations'), [['role', 'viewer']])
    const [jar, copied] = [...boss.cookies.values(), ...other.cookies.values()].filter((one) =>
      [...one.keys()].some((name) => name.endsWith('concord.session')),
    )
    const made = [...(jar ?? [])].find(([name]) => name.endsWith('concord.shownLink'))
    copied?.set(...(made ?? ['', '']))
    const path = address('/staff/team/invitations/link')
    expect((await other.get(path)).location).toBe('/staff/team?note=shown-once')
    expect((await boss.get(path)).body).toMatch(/\/join#[\w-]{43}/)
  })

  test('is made by administrators alone', async () => {
    await addStaff(josiah, 'manager')
    const visitor = await signIn(josiah)
    expect((await visitor.post(address('/staff/team/invitations'), [['role', 'viewer']])).status).toBe(404)
    expect(await fixture.rows(`select 1 from staff_invitation`)).toEqual([])
  })
})
