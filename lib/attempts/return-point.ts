import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { SealError } from '@/lib/crypto/sealed'
import { db } from '@/lib/db'
import { keyRing } from '@/lib/installation/commands'
import { log } from '@/lib/log'

export const keptCharsMax = 16_000

/** The input of a form that was sent after the session had ended. */
const keptForm = z.object({
  action: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
})

const returnPoint = z.object({ path: z.string(), form: keptForm.nullable() })

export type SavedForm = z.infer<typeof keptForm>

/** The page to open after signing in, and the form input to restore there. */
export type ReturnPoint = z.infer<typeof returnPoint>

/** A form as a hidden field of the sign-in button; null if it is over `keptCharsMax`. */
export function packForm(form: SavedForm): string | null {
  const packed = JSON.stringify(form)
  return packed.length > keptCharsMax ? null : packed
}

/** The inverse of `packForm`; null for anything else. */
export function unpackForm(packed: string | undefined): SavedForm | null {
  if (!packed || packed.length > keptCharsMax) return null
  try {
    return keptForm.parse(JSON.parse(packed))
  } catch {
    return null
  }
}

const aad = (row: string) => ({
  table: 'authorization_attempt',
  row,
  column: 'sealed_return',
  registry: env().orcid.registry,
})

/** Seals where a person wants to return to. */
export function sealReturnPoint(attemptId: string, point: ReturnPoint): string {
  return keyRing().seal(JSON.stringify(point), aad(attemptId))
}

/** Where a person returns to after an attempt, and whether they came by a link to join. */
export async function findReturn(reference: string): Promise<{ isInvited: boolean; point: ReturnPoint | null }> {
  const found = await db().authorizationAttempt.findUnique({
    where: { reference },
    select: { id: true, staffInvitationId: true, sealedReturn: true },
  })
  return { isInvited: Boolean(found?.staffInvitationId), point: found && open(found.id, found.sealedReturn) }
}

/** The form input before this attempt, until it was shown once. */
export async function findSavedForm(attemptId: string): Promise<SavedForm | null> {
  const where = { id: attemptId, sealedReturn: { not: null }, expiresAt: { gt: new Date() } }
  const found = await db().authorizationAttempt.findFirst({ where, select: { sealedReturn: true } })
  return (found && open(attemptId, found.sealedReturn)?.form) ?? null
}

/** Deletes the form input; false if another request did. */
export async function dropSavedForm(attemptId: string): Promise<boolean> {
  const where = { id: attemptId, sealedReturn: { not: null } }
  const { count } = await db().authorizationAttempt.updateMany({ where, data: { sealedReturn: null } })
  return count === 1
}

/** Deletes the return points of attempts whose time is over. */
export async function dropOverdueReturns(): Promise<void> {
  const where = { sealedReturn: { not: null }, expiresAt: { lte: new Date() } }
  await db().authorizationAttempt.updateMany({ where, data: { sealedReturn: null } })
}

/** Null if the key is lost: the person is still signed in and lands on the default page. */
function open(attemptId: string, sealed: string | null): ReturnPoint | null {
  if (!sealed) return null
  try {
    return returnPoint.parse(JSON.parse(keyRing().open(sealed, aad(attemptId))))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    log().warn({ attempt: attemptId, err: error }, 'failed to open a return point')
    return null
  }
}
