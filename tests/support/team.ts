import { beforeEach, expect } from 'vitest'
import { connect, decideAtOrcid } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { type Answer, Visitor } from '@/tests/support/visitor'

/** A portal whose team has one administrator before each test, and what the team does there. */
export function teamPerFile(admin: string) {
  const fixture = stackPerFile({ STAFF_ADMINS: admin })

  // The team outlives the tables that are emptied between tests.
  beforeEach(async () => {
    await fixture.rows(`delete from staff_invitation`)
    await fixture.rows(`delete from staff_member where orcid is distinct from $1`, [admin])
    await fixture.rows(`update staff_member set role = 'admin', ended_at = null`)
  })

  const address = (path: string) => `${fixture.stack.portal.url}${path}`
  const presentLink = (code: string, visitor = new Visitor()) => visitor.post(address('/join/start'), [['code', code]])

  async function makeLink(visitor: Visitor, role: string): Promise<string> {
    const answer = await visitor.post(address('/staff/team/invitations'), [['role', role]])
    expect(answer.location).toBe('/staff/team/invitations/link')
    const page = await visitor.get(address('/staff/team/invitations/link'))
    return /\/join#([\w-]{43})/.exec(page.body)?.[1] ?? ''
  }

  async function join(code: string, orcid: string): Promise<{ visitor: Visitor; answer: Answer }> {
    const visitor = new Visitor()
    const callback = await decideAtOrcid(visitor, await presentLink(code, visitor), { orcid })
    return { visitor, answer: await visitor.get(callback) }
  }

  const addStaff = async (orcid: string, role: string): Promise<string> => {
    const [added] = await fixture.rows(
      `insert into staff_member (orcid, role, origin) values ($1, $2::staff_role, 'test') returning id`,
      [orcid, role],
    )
    return added.id
  }

  const listActions = async () => {
    const events = await fixture.rows(`select action from audit_event where action like 'staff.%' order by id`)
    return events.map(({ action }) => action)
  }

  return {
    fixture,
    address,
    addStaff,
    makeLink,
    presentLink,
    join,
    signIn: async (orcid: string) => (await connect(fixture.stack, { orcid, purpose: 'sign-in' })).visitor,
    rolesNow: () => fixture.rows(`select orcid, role::text from staff_member where ended_at is null order by orcid`),
    actions: listActions,
  }
}
