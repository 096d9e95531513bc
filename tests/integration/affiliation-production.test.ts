import { afterAll, beforeAll, expect, test } from 'vitest'
import { toBody } from '@/lib/affiliations/body'
import { confirmWriting } from '@/lib/affiliations/commands'
import { findConfirmation } from '@/lib/affiliations/confirmation'
import { findOrganisation } from '@/lib/affiliations/organisation'
import { writeAffiliation } from '@/lib/affiliations/writing'
import { closePool, db } from '@/lib/db'
import { portalEnv } from '@/scripts/portal'
import { makeStaffActor } from '@/tests/support/actors'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { testSecrets } from '@/tests/support/portal'

const orcid = '0000-0002-1825-0097'
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  const registry = { url: 'https://orcid.org', clientId: 'APP-TEST', clientSecret: 'b6c7a1d4-not-asked' }
  const env = {
    ORCID_REGISTRY: 'production',
    ORCID_API_URL: 'https://api.orcid.org/v3.0',
    NEXTAUTH_URL: 'https://orcid.example.edu',
    LOG_LEVEL: 'silent',
  }
  Object.assign(
    process.env,
    portalEnv({ databaseUrl: database.portalUrl, port: 9, registry, secrets: testSecrets, env }),
  )
})
afterAll(async () => {
  await closePool()
  await database.drop()
})

test('on production nothing is written before an administrator has confirmed exactly what ORCID receives, and again for another ROR id', async () => {
  const { id: staffId } = await db().staffMember.create({ data: { orcid, role: 'admin', origin: 'test' } })
  const admin = makeStaffActor({ staffId, orcid, role: 'admin' })
  const researcher = await db().researcher.create({ data: { orcid, registry: 'production', state: 'identity_only' } })
  const { id: personId } = await db().person.findUniqueOrThrow({ where: { researcherId: researcher.id } })
  const item = await db().affiliation.create({
    data: {
      personId,
      researcherId: researcher.id,
      kind: 'employment',
      externalId: 'hr-1',
      title: 'Dean',
      origin: 'entered',
    },
  })
  const state = async () => (await db().affiliation.findUniqueOrThrow({ where: { id: item.id } })).state
  await writeAffiliation(item.id)
  expect([await state(), await db().orcidCall.count()]).toEqual(['pending', 0])

  expect(await confirmWriting(admin, item.id, 'TEST-0001')).toBe(true)
  expect(await confirmWriting(admin, item.id, 'TEST-0002')).toBe(true)
  const organisation = findOrganisation()
  expect((await db().writingConfirmation.findMany()).map(({ preview }) => preview)).toEqual([
    organisation && toBody(item, organisation, null),
  ])
  expect(await db().auditEvent.count({ where: { action: 'writing.confirmed', actorId: staffId } })).toBe(1)

  // Past the confirmation, it is the permission that is looked at.
  await writeAffiliation(item.id)
  expect(await state()).toBe('no_permission')

  // As when the configuration had another ROR id at the time.
  await db().$executeRaw`update writing_confirmation set preview = jsonb_set(preview,
    '{organization,disambiguated-organization,disambiguated-organization-identifier}', '"https://ror.org/05dxps055"')`
  expect((await findConfirmation())?.isCurrent).toBe(false)
  await writeAffiliation(item.id)
  expect(await state()).toBe('pending')
  expect(await confirmWriting(admin, item.id, 'TEST-0003')).toBe(true)
  expect((await findConfirmation())?.isCurrent).toBe(true)
  expect(await db().auditEvent.count({ where: { action: 'writing.confirmed', actorId: staffId } })).toBe(2)
  await writeAffiliation(item.id)
  expect(await state()).toBe('no_permission')
})
