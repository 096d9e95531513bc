import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { db, type Prisma } from '@/lib/db'
import { notConfidential } from '@/lib/list/confidential'

const live = ['connected', 'identity_only'] as const

const person = {
  orcid: true,
  name: true,
  registry: true,
  liveScopes: true,
  finding: true,
} satisfies Prisma.ResearcherSelect

export type ConflictingPerson = Prisma.ResearcherGetPayload<{ select: typeof person }>

export type Conflicts = {
  /** Still live although ORCID merged one of the two iDs into the other. */
  mergedAndLive: ConflictingPerson[]
  /** ORCID says that a live grant belongs to another record. */
  wrongRecord: boolean
}

/** Null if the column `conflict` is false. */
export async function findConflicts(actor: StaffActor, researcherId: string): Promise<Conflicts | null> {
  const one = await db().researcher.findFirst({
    where: { id: researcherId, conflict: true },
    select: { state: true, finding: true, mergedIntoId: true },
  })
  if (!one) return null
  const others = { id: { not: researcherId }, ...(actor.role === 'admin' ? {} : notConfidential) }
  const isLive = live.some((state) => state === one.state)
  const mergedAndLive = isLive
    ? await db().researcher.findMany({
        where: {
          ...others,
          state: { in: [...live] },
          OR: [{ mergedIntoId: researcherId }, ...(one.mergedIntoId ? [{ id: one.mergedIntoId }] : [])],
        },
        select: person,
      })
    : []
  return { mergedAndLive, wrongRecord: one.finding === 'wrong_record' }
}
