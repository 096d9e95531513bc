import { describe, expect, test } from 'vitest'
import { connect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'

const fixture = stackPerFile({ STAFF_ADMINS: grace })

const at = (path: string) => `${fixture.stack.portal.url}${path}`
const adminSignsIn = async () => (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor

describe('a revocation that ORCID refuses', () => {
  test('is sent again when its time has come, not every few seconds as during an outage', async () => {
    await fixture.stack.registry.addFault({ on: 'revoke', fault: 'unavailable_503', times: 0 })
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await visitor.post(at('/me/withdrawal'))
    const sent = () => fixture.rows('select tries from revocation where last_outcome is not null')
    await until('it was sent', async () => (await sent()).length === 1)
    const refused = `last_outcome = 'invalid_client', last_tried_at = now() - interval '1 minute',
      next_try_at = now() + interval '1 hour', tries = 5`
    await fixture.rows(`update revocation set ${refused}`)
    const revoke = () => fixture.rows(`select graphile_worker.add_job('revoke')`)
    const isDone = async () =>
      (await fixture.rows(`select 1 from graphile_worker.jobs where task_identifier = 'revoke'`)).length === 0
    await revoke()
    await until('the job is done, and plans no other', isDone)
    expect(await sent()).toEqual([{ tries: 5 }])
    await fixture.rows('update revocation set next_try_at = now()')
    await revoke()
    await until('it was sent again', async () => (await sent())[0]?.tries === 6)
  })
})

describe('a revocation that ORCID has not confirmed', () => {
  const age = (hours: number) =>
    fixture.rows(`update revocation set requested_at = now() - make_interval(hours => $1)`, [hours])
  const report = () => fixture.rows(`select graphile_worker.add_job('report-overdue-revocations')`)
  const alerts = () => fixture.stack.portal.logs.filter((line) => line.includes('revocations wait too long'))
  const warning = 'for more than 72 hours'

  test('for 72 hours is on the staff’s overview and in the log as an error, and not before', async () => {
    await fixture.stack.registry.addFault({ on: 'revoke', fault: 'unavailable_503', times: 0 })
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await visitor.post(at('/me/withdrawal'))
    const admin = await adminSignsIn()
    await age(71)
    await report()
    await until(
      'the job is done',
      async () =>
        (await fixture.rows(`select 1 from graphile_worker.jobs where task_identifier = 'report-overdue-revocations'`))
          .length === 0,
    )
    expect((await admin.get(at('/staff'))).body).not.toContain(warning)
    expect(alerts()).toEqual([])

    await age(73)
    expect((await admin.get(at('/staff'))).body).toContain(warning)
    await report()
    await until('the log says so', async () => alerts().length > 0)
    expect(JSON.parse(alerts()[0] ?? '')).toMatchObject({ level: 50, count: 1, overdueAfterH: 72 })
    expect(alerts().join()).not.toContain(ada)
  })
})
