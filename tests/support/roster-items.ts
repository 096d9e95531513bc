import { beforeEach } from 'vitest'
import type { StaffActor } from '@/lib/actor'
import { applyDraft } from '@/lib/affiliations/commands'
import { saveEntryDraft } from '@/lib/affiliations/drafts'
import { makeStaffActor } from '@/tests/support/actors'
import { ourItems } from '@/tests/support/affiliations'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'
import { workOnce } from '@/tests/support/work-affiliations'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'

export type Roster = { given?: string; family?: string; orcid?: string | null; number?: string }

/** A portal without a worker, and what is entered there for people of a roster. */
export function rosterItemsPerFile() {
  const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none' })
  let staff: StaffActor

  beforeEach(async () => {
    const [{ id } = { id: '' }] = await fixture.rows('select id::text from staff_member where orcid = $1', [grace])
    staff = makeStaffActor({ staffId: id, orcid: grace, role: 'admin' })
    await fixture.stack.registry.configure({ limit: { enabled: false } })
    await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })
  })

  const at = (path: string) => `${fixture.stack.portal.url}${path}`
  const work = () => workOnce(fixture.rows)
  const titlesOf = async (orcid: string) =>
    (await ourItems(fixture.stack.registry, orcid)).map(({ content }) => content['role-title']).sort()
  const one = async (sql: string, values: unknown[] = []) => (await fixture.rows(sql, values))[0] ?? {}
  const statesOf = async (personId: string) =>
    (
      await fixture.rows('select state::text from affiliation where person_id = $1 order by added_at, id', [personId])
    ).map(({ state }) => state)
  const holderOf = async (orcid: string) =>
    String((await one('select id::text from person where orcid = $1', [orcid])).id)
  const eventsOf = async (action: string) =>
    (await fixture.rows('select detail from audit_event where action = $1', [action])).length

  async function addToRoster({ given = 'Ada', family = 'Example', orcid = ada, number = 'hr-1' }: Roster = {}) {
    const row = await one(
      `insert into person (local_id, given_name, family_name, email, department, kind, origin, known_orcid)
       values ($1, $2, $3, 'ada@example.org', 'Physics', 'staff', 'imported', $4) returning id::text`,
      [number, given, family, orcid],
    )
    return String(row.id)
  }

  /** As staff do who enter something for somebody and agree to the preview. */
  async function enter(person: string, title = 'Lecturer', more: Record<string, string> = {}) {
    const fields = { person, type: 'employment', title, start: '2021', external_id: title, ...more }
    return applyDraft(staff, await saveEntryDraft(staff, fields), 'TEST-0001')
  }

  const answer = (visitor: Visitor, what: 'confirm' | 'refuse', person: string) =>
    visitor.post(at(`/me/person/${what}`), [['person', person]])

  return {
    fixture,
    get staff() {
      return staff
    },
    at,
    work,
    titlesOf,
    one,
    statesOf,
    holderOf,
    eventsOf,
    addToRoster,
    enter,
    answer,
  }
}
