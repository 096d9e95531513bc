import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { db, type Prisma } from '@/lib/db'

const mostNamesakes = 10
const live = ['connected', 'identity_only'] as const

const person = {
  orcid: true,
  name: true,
  registry: true,
  liveScopes: true,
  finding: true,
  department: true,
} satisfies Prisma.ResearcherSelect

export type ConflictingPerson = Prisma.ResearcherGetPayload<{ select: typeof person }>

export type Conflicts = {
  /** Others with the same local identifier, at most 10, and how many there are. */
  sameLocalId: ConflictingPerson[]
  sameLocalIdCount: number
  /** Whoever is live beside this person although ORCID merged one of the two iDs into the other. */
  mergedAndLive: ConflictingPerson[]
  /** ORCID says of something live that it belongs to another record. */
  wrongRecord: boolean
}

/** Why somebody is in conflict, where they are: the same as the column `conflict`, with who else is concerned. */
export async function findConflicts(_actor: StaffActor, researcherId: string): Promise<Conflicts | null> {
  const one = await db().researcher.findFirst({
    where: { id: researcherId, conflict: true },
    select: { localId: true, state: true, finding: true, mergedIntoId: true },
  })
  if (!one) return null
  const others = { id: { not: researcherId } }
  const namesakes = { ...others, localId: one.localId ?? undefined }
  const isLive = live.some((state) => state === one.state)
  const [sameLocalId, sameLocalIdCount, mergedAndLive] = await Promise.all([
    one.localId ? db().researcher.findMany({ where: namesakes, take: mostNamesakes, select: person }) : [],
    one.localId ? db().researcher.count({ where: namesakes }) : 0,
    isLive
      ? db().researcher.findMany({
          where: {
            ...others,
            state: { in: [...live] },
            OR: [{ mergedIntoId: researcherId }, ...(one.mergedIntoId ? [{ id: one.mergedIntoId }] : [])],
          },
          select: person,
        })
      : [],
  ])
  return { sameLocalId, sameLocalIdCount, mergedAndLive, wrongRecord: one.finding === 'wrong_record' }
}
