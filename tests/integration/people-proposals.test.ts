import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { prepareInstallation } from '@/lib/installation/commands'
import { peopleJobs } from '@/lib/people/jobs'
import { resolveConflict } from '@/lib/people/resolving'
import { addId, addToRoster, holderOf, peoplePerFile } from '@/tests/support/people'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

const josiah = '0000-0002-1825-0097'
const ours = 'people.example.edu'
let registry: TestRegistry
beforeAll(async () => {
  registry = await startTestRegistry()
})
const fixture = peoplePerFile(() => ({
  ORCID_ISSUER: registry.url,
  ORCID_API_URL: `${registry.url}/v3.0`,
  ORCID_CLIENT_ID: registry.clientId,
  ORCID_CLIENT_SECRET: registry.clientSecret,
  INSTITUTION_EMAIL_DOMAINS: 'example.edu',
  LOG_LEVEL: 'silent',
}))
beforeAll(() => prepareInstallation())
afterAll(() => registry.close())

beforeEach(async () => {
  await registry.clearFaults()
  const { items } = await registry.record(josiah)
  for (const { section, putCode } of items) {
    if (section === 'email' || section === 'email-domain') await registry.removeItem(josiah, putCode)
  }
  await registry.configure({ limit: { enabled: false } })
})

const show = (section: 'email' | 'email-domain', content: Record<string, unknown>, visibility = 'public') =>
  registry.addItem(josiah, { section, content, visibility } as Parameters<TestRegistry['addItem']>[1])
const showEmail = (email: string, more: { verified?: boolean; visibility?: string } = {}) =>
  show('email', { email, verified: more.verified ?? true, primary: true }, more.visibility)
const showDomain = (value: string) => show('email-domain', { value, 'verification-date': { value: Date.now() } })

/** What somebody's connecting enqueues. */
const look = (researcherId: string) => peopleJobs.handlers['propose-person']({ researcherId })
const proposals = async () => {
  const rows = await db().conflict.findMany({
    include: { person: true, otherPerson: true },
    orderBy: { openedAt: 'asc' },
  })
  return rows.map(({ kind, evidence, person, otherPerson }) => [
    kind,
    person.localId ?? person.orcid,
    otherPerson?.orcid ?? null,
    evidence,
  ])
}
const asked = async () =>
  (await fixture.rows('select path, purpose from orcid_call order by id')).map(
    ({ path, purpose }) => `${purpose} ${path}`,
  )

test('an iD that came first is looked for when somebody of that name is added to the roster, and no other is', async () => {
  const { id } = await addId(josiah, 'Carberry, Josiah')
  await addId('0000-0001-5109-3700', 'Ada Example')
  await addToRoster('hr-7', { name: 'Josiah Carberry' })
  await peopleJobs.handlers['propose-for-new-people']()
  const jobs = await fixture.rows(`select key from graphile_worker.jobs where task_identifier = 'propose-person'`)
  expect(jobs).toEqual([{ key: `propose-person:${id}` }])
  await look(id)
  expect(await proposals()).toEqual([['proposal', 'hr-7', josiah, ['names']]])
})

describe('an iD that the roster does not have', () => {
  test('is proposed for people with the same name, however it is written, and bound to nobody', async () => {
    await addToRoster('0001', { name: 'Carberry Josiah' })
    await addToRoster('0002', { name: 'Josiah Müller' })
    await addToRoster('0003', { name: 'Hannah Carberry' })
    await addToRoster('0004', { name: 'JOSIÁH CARBERRY' })
    await addToRoster('0005', { name: 'Josiah Carberry', confidential: true })
    await addToRoster('0006', { name: 'Josiah Carberry', state: 'left' })
    const { id } = await addId(josiah, 'Josiah Carberry')
    await look(id)
    await look(id)
    expect((await proposals()).sort()).toEqual([
      ['proposal', '0001', josiah, ['names']],
      ['proposal', '0004', josiah, ['names']],
    ])
    expect(await db().binding.findMany({ where: { endedAt: null } })).toMatchObject([{ proof: 'connection' }])
    expect(await db().person.count({ where: { conflict: true } })).toBe(0)
  })

  test('is proposed for somebody with an e-mail address that is verified and public at ORCID', async () => {
    await addToRoster('0001', { name: 'J. C.', email: 'J.Carberry@Example.edu' })
    await addToRoster('0002', { name: 'J. C.', email: 'other@example.edu' })
    await addToRoster('0003', { name: 'J. C.', email: 'secret@example.edu' })
    await showEmail('j.carberry@example.edu')
    await showEmail('other@example.edu', { verified: false })
    await showEmail('secret@example.edu', { visibility: 'limited' })
    const { id } = await addId(josiah, null)
    await look(id)
    expect(await proposals()).toEqual([['proposal', '0001', josiah, ['email']]])
    expect(await asked()).toEqual(['public /oauth/token', `public /${josiah}/email`, `public /${josiah}/summary`])
  })

  test('with a verified domain of ours and no namesake is a question of its own', async () => {
    await addToRoster('0001')
    await showDomain(ours)
    const { id } = await addId(josiah, 'Josiah Carberry')
    await look(id)
    expect(await proposals()).toEqual([['proposal', josiah, null, ['domain']]])
  })

  test('with a domain that only ends like ours is none of ours', async () => {
    await addToRoster('0001')
    await showDomain('counterexample.edu')
    const { id } = await addId(josiah, 'Josiah Carberry')
    await look(id)
    expect(await proposals()).toEqual([])
  })

  test('gets one proposal a person with all that speaks for it', async () => {
    await addToRoster('0001', { name: 'Josiah Carberry', email: 'j@example.edu' })
    await showEmail('j@example.edu')
    await showDomain(ours)
    const { id } = await addId(josiah, 'Josiah Carberry')
    await look(id)
    expect(await proposals()).toEqual([['proposal', '0001', josiah, ['email', 'names', 'domain']]])
  })

  test('is not proposed again for somebody whose it is not', async () => {
    await addToRoster('0001', { name: 'Josiah Carberry' })
    const { id } = await addId(josiah, 'Josiah Carberry')
    await look(id)
    const conflict = await db().conflict.findFirstOrThrow()
    const kept = { id: conflict.id, resolution: 'kept', reason: '', requestId: 'TEST-0001' } as const
    await resolveConflict(fixture.manager, kept)
    await look(id)
    expect(await db().conflict.count()).toBe(1)
  })
})

test('ORCID is not asked where nobody on the roster lacks an iD, nor about an iD that is bound', async () => {
  const { id } = await addId(josiah, 'Josiah Carberry')
  await look(id)
  const anna = await addToRoster('0001', { name: 'Josiah Carberry', email: 'j@example.edu' })
  await db().person.update({ where: { id: await holderOf({ id }) }, data: { localId: '0002' } })
  await look(id)
  await look('00000000-0000-4000-8000-000000000000')
  expect(await asked()).toEqual([])
  expect(await db().conflict.count({ where: { personId: anna } })).toBe(0)
})

test('while ORCID is away the names are compared, and the rest is asked for an hour later', async () => {
  await fixture.rows('delete from graphile_worker._private_jobs')
  await addToRoster('0001', { name: 'Josiah Carberry', email: 'j@example.edu' })
  await showEmail('j@example.edu')
  await registry.addFault({ on: 'api', fault: 'unavailable_503', times: 20 })
  const { id } = await addId(josiah, 'Josiah Carberry')
  await look(id)
  expect(await proposals()).toEqual([['proposal', '0001', josiah, ['names']]])
  const jobs = () =>
    fixture.rows(
      `select task_identifier as name, run_at > now() + interval '50 minutes' as later from graphile_worker.jobs`,
    )
  expect(await jobs()).toEqual([{ name: 'propose-person', later: true }])
  await registry.clearFaults()
  await fixture.rows('update orcid_rate_limit set circuit_open_until = null, failures = 0, next_slot_at = now()')
  await fixture.rows('delete from graphile_worker._private_jobs')
  await peopleJobs.handlers['propose-person']({ researcherId: id, tries: '2' })
  expect(await proposals()).toEqual([['proposal', '0001', josiah, ['email', 'names']]])
  expect(await jobs()).toEqual([])
})
