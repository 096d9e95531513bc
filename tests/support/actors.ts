import { randomUUID } from 'node:crypto'
import type { ResearcherActor, StaffActor } from '@/lib/actor'

/** A viewer, or what the test wants instead, as the gate would have proven it. */
export function makeStaffActor(as: Partial<Omit<StaffActor, 'kind'>> = {}): StaffActor {
  const ids = { staffId: randomUUID(), orcid: '0000-0002-1825-0097', sessionId: randomUUID() }
  return { kind: 'staff', role: 'viewer', departments: null, mayExport: true, ...ids, ...as } as StaffActor
}

export function makeResearcherActor(as: Pick<ResearcherActor, 'researcherId' | 'orcid'>): ResearcherActor {
  return { kind: 'researcher', sessionId: randomUUID(), ...as } as ResearcherActor
}
