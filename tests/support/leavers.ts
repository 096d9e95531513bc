import { beforeEach, expect } from 'vitest'
import type { StaffActor } from '@/lib/actor'
import { handleLeavers } from '@/lib/affiliations/leavers'
import { setLastDay } from '@/lib/people/leaving'
import { makeStaffActor } from '@/tests/support/actors'
import { row, toCsv } from '@/tests/support/affiliations'
import { importItems } from '@/tests/support/affiliations-import'
import { configureInside } from '@/tests/support/inside'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'
import { workOnce } from '@/tests/support/work-affiliations'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'
const requestId = 'TEST-0001'

/** A portal without a worker and a roster of 41 people, of whom Ada is connected and leaves. */
export function leaversPerFile() {
  const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none' })
  let staff: StaffActor
  let visitor: Visitor

  const configure = (env: Record<string, string> = {}) => configureInside(fixture.stack, { LEAVERS: '', ...env })

  beforeEach(async () => {
    configure()
    const [{ id } = { id: '' }] = await fixture.rows('select id::text from staff_member where orcid = $1', [grace])
    staff = makeStaffActor({ staffId: id, orcid: grace, role: 'admin' })
    await fixture.stack.registry.configure({ limit: { enabled: false } })
    visitor = (await connect(fixture.stack, { orcid: ada })).visitor
    // So many that one of them is not more than 5 %.
    await fixture.rows(`insert into person (local_id, family_name, kind, origin)
      select 'hr-' || n, 'Person ' || n, 'staff', 'imported' from generate_series(1, 40) n`)
    await fixture.rows(`update person set local_id = 'hr-ada' where orcid = $1`, [ada])
  })

  const one = async (sql: string) => (await fixture.rows(sql))[0] ?? {}
  const person = () =>
    one(`select *, id::text, researcher_id::text, leaves_on::text from person where orcid = '${ada}'`)
  const grants = () =>
    fixture.rows('select state::text, sealed_access_token is not null as held from "grant" order by id')
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
  const leave = async (days = 1) => setLastDay(staff, { id: (await person()).id, lastDay: ago(days), requestId })
  const write = async () => {
    await importItems(staff, toCsv([row(ada)]))
    await workOnce(fixture.rows)
  }
  /** As if so many days had gone by since whatever was done. */
  const age = (days: number) =>
    fixture.rows(`update person set paused_at = paused_at - make_interval(days => ${days}),
      left_at = left_at - make_interval(days => ${days}), end_dated_at = end_dated_at - make_interval(days => ${days})`)
  const calls = () => one('select count(*)::int as n from orcid_call').then(({ n }) => n)
  const events = (like: string) =>
    fixture
      .rows('select action from audit_event where action like $1 order by id', [like])
      .then((rows) => rows.map(({ action }) => action))

  /** End-dates, writes and pauses. */
  async function pauseAda() {
    await write()
    await leave()
    await handleLeavers()
    await workOnce(fixture.rows)
    await handleLeavers()
    expect(await person()).toMatchObject({ state: 'paused' })
  }

  return {
    fixture,
    get staff() {
      return staff
    },
    get visitor() {
      return visitor
    },
    configure,
    one,
    person,
    grants,
    ago,
    leave,
    write,
    age,
    calls,
    events,
    pauseAda,
    signIn: async () => (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor,
  }
}
