import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { makeSystem, type SystemEntry } from '@/lib/systems/commands'
import { makeKey } from '@/lib/systems/keys'

/** A system that may read people and records and write positions. */
export const completeSystem = (): SystemEntry => ({
  name: 'Staff pages',
  contact: 'staff-pages@example.org',
  operator: 'institution',
  processorName: null,
  contractOn: null,
  networks: [],
  perMinute: 600,
  expiresOn: null,
  purpose: { en: 'Shows your works on your staff page.', es: 'Muestra sus trabajos en su página.' },
  rights: ['people:read', 'events:read', 'record:read', 'affiliations:write'],
  scopes: ['/read-limited', '/activities/update'],
  departments: [],
  kinds: [],
})

/** Adds a system with a key. */
export async function addSystem(
  actor: StaffActor,
  entry: Partial<SystemEntry> = {},
): Promise<{ id: string; key: string; keyId: string }> {
  const id = await makeSystem(actor, { ...completeSystem(), ...entry }, 'test')
  const { id: keyId, key } = await makeKey(actor, id, {
    kind: 'key',
    name: 'first',
    expiresOn: null,
    requestId: 'test',
  })
  return { id, key, keyId }
}

/** As if these researchers had been told of the system’s present term, 15 days ago or when the test says. */
export async function tell(systemId: string, researcherIds: readonly string[], daysAgo = 15): Promise<void> {
  const term = await db().systemTerm.findFirstOrThrow({ where: { systemId }, orderBy: { number: 'desc' } })
  const toldAt = new Date(Date.now() - daysAgo * 86_400_000)
  for (const researcherId of researcherIds) {
    const id = { researcherId, termId: term.id }
    await db().systemNotice.upsert({
      where: { researcherId_termId: id },
      create: { ...id, toldAt },
      update: { toldAt },
    })
  }
}
