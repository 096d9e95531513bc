import 'server-only'
import { randomBytes } from 'node:crypto'
import { env } from '@/lib/config/env'
import type { Tx } from '@/lib/db'
import { tokenHash } from '@/lib/installation/commands'

/** Makes a personal link of an invitation. `email`: null in a file for a mail merge. Returns its address. */
export async function makeLink(tx: Tx, invitationId: string, email: string | null): Promise<string> {
  const token = randomBytes(32).toString('hex')
  const expiresAt = new Date(Date.now() + env().invitationDays * 86_400_000)
  await tx.invitationLink.create({
    data: { invitationId, tokenHash: await tokenHash(token), email: email?.toLowerCase() ?? null, expiresAt },
  })
  return `${env().origin}/i/${token}`
}
