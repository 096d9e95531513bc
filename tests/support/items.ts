import { beforeEach } from 'vitest'
import type { StaffActor } from '@/lib/actor'
import { makeStaffActor } from '@/tests/support/actors'
import { ourItems, type Row, toCsv } from '@/tests/support/affiliations'
import { importItems } from '@/tests/support/affiliations-import'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { workOnce } from '@/tests/support/work-affiliations'

const grace = '0000-0099-5475-2774'

/** A portal without a worker, in which one person is connected and staff import items for them. */
export function itemsPerFile(orcid: string) {
  const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none' })
  let staff: StaffActor

  beforeEach(async () => {
    const [{ id } = { id: '' }] = await fixture.rows('select id::text from staff_member where orcid = $1', [grace])
    staff = makeStaffActor({ staffId: id, orcid: grace, role: 'admin' })
    await fixture.stack.registry.configure({ limit: { enabled: false } })
    await connect(fixture.stack, { orcid })
  })

  /** Takes a file over, as somebody does who looks at the preview and agrees. */
  const take = (...rows: Row[]) => importItems(staff, toCsv(rows))
  const work = () => workOnce(fixture.rows)
  const items = () => ourItems(fixture.stack.registry, orcid)
  const posts = async () =>
    (await fixture.stack.registry.apiRequests()).filter(({ method, status }) => method === 'POST' && status === 201)
      .length
  const states = async () =>
    (await fixture.rows('select state::text from affiliation order by added_at, id')).map(({ state }) => state)
  const one = async () => (await fixture.rows('select *, id::text from affiliation'))[0] ?? {}
  const fault = (
    fault: 'lost' | 'unavailable_503' | 'html_500' | 'torn_json',
    method: 'POST' | 'PUT' | 'GET' | 'DELETE',
  ) => fixture.stack.registry.addFault({ on: 'api', fault, method, issued: fault === 'html_500' })

  return {
    fixture,
    get staff() {
      return staff
    },
    take,
    work,
    items,
    posts,
    states,
    one,
    fault,
  }
}
