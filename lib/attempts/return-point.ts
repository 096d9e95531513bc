import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { SealError } from '@/lib/crypto/sealed'
import { db } from '@/lib/db'
import { keyRing } from '@/lib/installation/commands'
import { log } from '@/lib/log'

export const keptCharsMax = 16_000

/** What was typed into a form that could not be taken, because the session had ended. */
const keptForm = z.object({
  /** Where the form would have been sent. */
  action: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
})

const returnPoint = z.object({ path: z.string(), form: keptForm.nullable() })

export type KeptForm = z.infer<typeof keptForm>

/** Where somebody wants to be after signing in: a path of ours, and what they had typed there. */
export type ReturnPoint = z.infer<typeof returnPoint>

/** A form as it travels through the browser to the button that signs in; null where it is too long to be kept. */
export function packForm(form: KeptForm): string | null {
  const packed = JSON.stringify(form)
  return packed.length > keptCharsMax ? null : packed
}

/** The inverse of `packForm`; null for everything else. */
export function unpackForm(packed: string | undefined): KeptForm | null {
  if (!packed || packed.length > keptCharsMax) return null
  try {
    return keptForm.parse(JSON.parse(packed))
  } catch {
    return null
  }
}

const place = (row: string) => ({
  table: 'authorization_attempt',
  row,
  column: 'sealed_return',
  registry: env().orcid.registry,
})

/** Sealed for the attempt with this id. */
export function sealReturnPoint(attemptId: string, point: ReturnPoint): string {
  return keyRing().seal(JSON.stringify(point), place(attemptId))
}

/** Where the person on this attempt wants to be, and whether they went on it to join the staff by a link. */
export async function findReturn(reference: string): Promise<{ isInvited: boolean; point: ReturnPoint | null }> {
  const found = await db().authorizationAttempt.findUnique({
    where: { reference },
    select: { id: true, staffInvitationId: true, sealedReturn: true },
  })
  return { isInvited: Boolean(found?.staffInvitationId), point: found && open(found.id, found.sealedReturn) }
}

/** What was typed before this attempt, while nobody has been shown it. */
export async function findKeptForm(attemptId: string): Promise<KeptForm | null> {
  const where = { id: attemptId, sealedReturn: { not: null }, expiresAt: { gt: new Date() } }
  const found = await db().authorizationAttempt.findFirst({ where, select: { sealedReturn: true } })
  return (found && open(attemptId, found.sealedReturn)?.form) ?? null
}

/** Destroys what was typed before this attempt; false where somebody else just has. */
export async function dropKeptForm(attemptId: string): Promise<boolean> {
  const where = { id: attemptId, sealedReturn: { not: null } }
  const { count } = await db().authorizationAttempt.updateMany({ where, data: { sealedReturn: null } })
  return count === 1
}

/** Destroys what is left of attempts whose time is over. */
export async function dropOverdueReturns(): Promise<void> {
  const where = { sealedReturn: { not: null }, expiresAt: { lte: new Date() } }
  await db().authorizationAttempt.updateMany({ where, data: { sealedReturn: null } })
}

/** Null where the key is gone: the person is signed in all the same, and lands on the usual page. */
function open(attemptId: string, sealed: string | null): ReturnPoint | null {
  if (!sealed) return null
  try {
    return returnPoint.parse(JSON.parse(keyRing().open(sealed, place(attemptId))))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    log().warn({ attempt: attemptId, err: error }, 'a return point cannot be opened')
    return null
  }
}
