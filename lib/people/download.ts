import 'server-only'
import type { ResearcherActor } from '@/lib/actor'
import { db } from '@/lib/db'

const conflicts = {
  orderBy: { openedAt: 'asc' },
  select: { kind: true, evidence: true, openedAt: true, resolvedAt: true, resolution: true },
} as const

/** What is known of a mail: no words of it are kept. */
export const mail = {
  kind: true,
  state: true,
  messageId: true,
  address: true,
  template: true,
  locale: true,
  values: true,
  madeAt: true,
  sendAfter: true,
  tries: true,
  sendingAt: true,
  sentAt: true,
  bouncedAt: true,
  reason: true,
} as const

/** What a file of staff said of somebody. */
export const importRow = {
  verdict: true,
  fields: true,
  faults: true,
  before: true,
  after: true,
  import: { select: { madeAt: true, savedAt: true } },
} as const

/** What somebody was asked, with the personal links that they were sent. */
export const invitations = {
  orderBy: { madeAt: 'asc' },
  select: {
    campaign: { select: { name: true } },
    madeAt: true,
    scopes: true,
    step: true,
    times: true,
    lastMailAt: true,
    failedAt: true,
    endedAt: true,
    ended: true,
    links: {
      orderBy: { madeAt: 'asc' },
      select: { email: true, madeAt: true, expiresAt: true, revokedAt: true, usedAt: true, notMeAt: true },
    },
  },
} as const

/** All that is held about the actor as a person, without anything about somebody else, for their download. */
export async function findMyPersonForDownload({ researcherId }: ResearcherActor) {
  const found = await db().person.findUnique({
    where: { researcherId },
    select: {
      id: true,
      localId: true,
      name: true,
      givenName: true,
      familyName: true,
      email: true,
      department: true,
      kind: true,
      state: true,
      leavesOn: true,
      pausedAt: true,
      leftAt: true,
      endDatedAt: true,
      missingSince: true,
      language: true,
      confidential: true,
      knownOrcid: true,
      origin: true,
      addedAt: true,
      conflict: true,
      appointments: {
        orderBy: { id: 'asc' },
        select: { department: true, title: true, kind: true, startOn: true, endOn: true, primary: true },
      },
      doNotAsk: { select: { reason: true, at: true, until: true } },
      invitations,
      merged: { select: { localId: true, givenName: true, familyName: true, email: true } },
      conflicts,
      otherSide: conflicts,
      suppressions: { orderBy: { at: 'asc' }, select: { reason: true, at: true } },
    },
  })
  if (!found) return null
  const { otherSide, merged, suppressions, invitations: asked, ...person } = found
  return {
    ...person,
    invitations: asked.map(({ campaign, ...each }) => ({ ...each, campaign: campaign?.name ?? null })),
    leavesOn: person.leavesOn?.toISOString().slice(0, 10) ?? null,
    otherEntries: merged,
    noMail: suppressions,
    conflicts: [...person.conflicts, ...otherSide],
    mails: await db().mail.findMany({
      where: { person: { OR: [{ id: person.id }, { mergedIntoId: person.id }] } },
      orderBy: { madeAt: 'asc' },
      select: mail,
    }),
    imports: await db().importRow.findMany({
      where: { personId: person.id },
      orderBy: { import: { madeAt: 'asc' } },
      select: importRow,
    }),
    // Also those that have ended, for whomever they were.
    bindings: await db().binding.findMany({
      where: { researcherId },
      orderBy: { madeAt: 'asc' },
      select: {
        proof: true,
        mustAsk: true,
        madeByKind: true,
        madeAt: true,
        confirmedAt: true,
        endedAt: true,
        ended: true,
        reason: true,
      },
    }),
  }
}
