import { describe, expect, test } from 'vitest'
import { system } from '@/lib/actor'
import { removeAffiliation, retryAffiliation } from '@/lib/affiliations/commands'
import { checkGrant } from '@/lib/checks/commands'
import { row } from '@/tests/support/affiliations'
import { workInside } from '@/tests/support/inside'
import { itemsPerFile } from '@/tests/support/items'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const given = itemsPerFile(ada)
const { fixture, take, work, items, states, one } = given
workInside(fixture)

describe('after the person withdrew at ORCID', () => {
  test('nothing is written, and what we wrote can still be deleted once ORCID’s word is confirmed', async () => {
    await take(row(ada))
    await work()
    const { registry } = fixture.stack
    const visitor = new Visitor()
    await visitor.post(`${registry.url}/signin`, [['orcid', ada]])
    await visitor.post(`${registry.url}/trusted-parties`, [['client_id', registry.clientId]])
    await take(row(ada, { title: 'Reader' }))
    await work()
    // Why ORCID refuses the token is for the check to say: in an outage nobody has withdrawn.
    expect(await one()).toMatchObject({ state: 'waiting_for_orcid', reason: 'invalid_token' })
    const [{ grant_id: grantId } = { grant_id: '' }] = await fixture.rows(
      `select payload->>'grantId' as grant_id from graphile_worker._private_jobs where payload->>'grantId' is not null`,
    )
    const check = async () => {
      await checkGrant(system, grantId, 'met')
      await fixture.rows(
        `update suspicion set since = since - interval '12 hours', last_asked_at = last_asked_at - interval '12 hours'`,
      )
    }
    const kept = () => fixture.rows('select state::text, sealed_access_token is not null as kept from "grant"')
    await check()
    await work()
    // Its permission is not missing, and not used either, while it is being checked.
    expect(await one()).toMatchObject({ state: 'waiting_for_orcid' })
    await check()
    await check()
    expect(await kept()).toEqual([{ state: 'withdrawn_at_orcid', kept: true }])
    await work()
    expect(await one()).toMatchObject({ state: 'person_withdrew', reason: null })
    await removeAffiliation(given.staff, String((await one()).id), 'TEST-0001')
    await work()
    expect([await states(), await items()]).toEqual([['deleted'], []])
  })
})

describe('what ORCID says', () => {
  test('when it is away is waited for, and nothing is lost', async () => {
    await take(row(ada))
    await fixture.stack.registry.addFault({ on: 'api', fault: 'unavailable_503', times: 0 })
    await work()
    expect(await states()).toEqual(['waiting_for_orcid'])
    await fixture.stack.registry.clearFaults()
    await work()
    expect(await states()).toEqual(['in_orcid'])
    expect(await items()).toHaveLength(1)
  })

  test('when the record is locked is shown, and tried again when staff ask for it', async () => {
    await take(row(ada))
    await fixture.stack.registry.setRecordState(ada, { state: 'locked' })
    await work()
    expect(await one()).toMatchObject({ state: 'refused', reason: 'locked' })
    await fixture.stack.registry.setRecordState(ada, { state: 'ok' })
    await retryAffiliation(given.staff, String((await one()).id), 'TEST-0001')
    await work()
    expect(await states()).toEqual(['in_orcid'])
  })
})
