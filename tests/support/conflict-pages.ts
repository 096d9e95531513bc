import { beforeEach } from 'vitest'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const josiah = '0000-0002-1825-0097'
const viewer = '0000-0099-4262-1291'
const admin = '0000-0099-5475-2774'

/** A portal without a worker, and conflicts that its staff open and decide. */
export function conflictPagesPerFile() {
  const fixture = stackPerFile({ STAFF_ADMINS: admin, WORKER: 'none' })
  const at = (path: string) => new URL(path, fixture.stack.portal.url).href
  let staff: Visitor

  beforeEach(async () => {
    await fixture.rows(
      `insert into staff_member (orcid, role, origin) values ($1, 'viewer', 'test') on conflict do nothing`,
      [viewer],
    )
    staff = (await connect(fixture.stack, { orcid: admin, purpose: 'sign-in' })).visitor
  })

  const read = async (path: string, visitor = staff) => (await visitor.get(at(path))).body
  const post = (path: string, fields: [string, string][], visitor = staff) => visitor.post(at(path), fields)
  const addPerson = async (localId: string, given: string, family: string, knownOrcid: string | null = null) => {
    const [row] = await fixture.rows(
      `insert into person (local_id, given_name, family_name, email, department, known_orcid, origin)
       values ($1, $2, $3, $4, 'Physics', $5, 'imported') returning id::text`,
      [localId, given, family, `${given.toLowerCase()}@example.edu`, knownOrcid],
    )
    return row?.id as string
  }
  const lastConflict = async () =>
    (await fixture.rows('select id::text from conflict order by opened_at desc limit 1'))[0]?.id as string
  const boundTo = async (orcid: string) =>
    (await fixture.rows('select local_id from person where orcid = $1', [orcid]))[0]?.local_id

  /** Josiah connects with an iD that the roster has for somebody with another name. */
  async function openNamesConflict(): Promise<string> {
    await addPerson('0007', 'Anna', 'Müller', josiah)
    await connect(fixture.stack, { orcid: josiah })
    return lastConflict()
  }

  async function openProposal(localId: string): Promise<string> {
    const person = await addPerson(localId, 'Josiah', 'Carberry')
    const [row] = await fixture.rows(
      `insert into conflict (kind, person_id, other_person_id, researcher_id, evidence)
       select 'proposal', $1::uuid, id, researcher_id, '{names}' from person where orcid = $2 returning id::text`,
      [person, josiah],
    )
    return row?.id as string
  }

  return {
    fixture,
    at,
    get staff() {
      return staff
    },
    read,
    post,
    addPerson,
    lastConflict,
    boundTo,
    openNamesConflict,
    openProposal,
  }
}
