import 'server-only'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache, type ReactNode } from 'react'
import type { Role, StaffActor } from '@/lib/actor'
import { findSignedIn, type SignedIn } from '@/lib/auth/session'
import { env } from '@/lib/config/env'
import { isDatabaseAway } from '@/lib/db'
import { parseOwnPath } from '@/lib/http/own-path'
import { findStaffMember } from '@/lib/staff/queries'

const ranks: Record<Role, number> = { viewer: 1, manager: 2, admin: 3 }

export type Viewer = { signedIn: SignedIn; role: Role | null }

/**
 * For pages that belong to a researcher. Leaves to the sign-in page, which leads back to where the person is, or to the
 * page that says the database is away.
 */
export async function requireResearcher(): Promise<SignedIn> {
  const signedIn = await orUnavailable(findSignedIn)
  if (signedIn) return signedIn
  const page = parseOwnPath((await headers()).get('x-concord-path'))
  return redirect(page ? `/sign-in?${new URLSearchParams({ to: page })}` : '/sign-in')
}

/**
 * For pages and routes that belong to the staff. The role is read from the database at this request, so that one that
 * was taken away is gone at once. To a researcher without a role the page does not exist.
 */
export const requireStaff = cache(async (least: Role = 'viewer'): Promise<StaffActor> => {
  const { actor } = await requireResearcher()
  const member = await orUnavailable(() => findStaffMember(actor.orcid))
  if (!member || ranks[member.role] < ranks[least]) notFound()
  const { orcid, sessionId } = actor
  return { kind: 'staff', staffId: member.id, orcid, role: member.role, sessionId } as StaffActor
})

/**
 * The same for what needs Member API credentials. With public ones it leaves to the page that says why that is not
 * offered; nothing was read or done by then.
 */
export async function requireMemberStaff(least: Role): Promise<StaffActor> {
  const actor = await requireStaff(least)
  return env().orcid.api === 'member' ? actor : redirect('/staff/affiliations')
}

/** Who looks at a page that anybody may see: null for strangers, and while the database is away. */
export const findViewer = cache(async (): Promise<Viewer | null> => {
  try {
    const signedIn = await findSignedIn()
    if (!signedIn) return null
    const member = await findStaffMember(signedIn.actor.orcid)
    return { signedIn, role: member?.role ?? null }
  } catch (error) {
    if (isDatabaseAway(error)) return null
    throw error
  }
})

/** A page that reads more than its gate does: the database may go away between the two. */
export function availablePage<Props>(render: (props: Props) => Promise<ReactNode>) {
  return (props: Props): Promise<ReactNode> => orUnavailable(() => render(props))
}

/** Reads, or leaves to the page that says that the database is away. */
export async function orUnavailable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (isDatabaseAway(error)) redirect('/connect/unavailable')
    throw error
  }
}
