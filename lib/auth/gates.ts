import 'server-only'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache, type ReactNode } from 'react'
import type { Role, StaffActor } from '@/lib/actor'
import { findSignedIn, type SignedIn } from '@/lib/auth/session'
import { env } from '@/lib/config/env'
import { isDatabaseUnavailable } from '@/lib/db'
import { parseOwnPath } from '@/lib/http/own-path'

const ranks: Record<Role, number> = { viewer: 1, manager: 2, admin: 3 }

export type Viewer = { signedIn: SignedIn; role: Role | null }

/** For researcher pages. Redirects to the sign-in, which returns here, or to the page for a database that is away. */
export async function requireResearcher(): Promise<SignedIn> {
  const signedIn = await orUnavailable(findSignedIn)
  if (signedIn) return signedIn
  const page = parseOwnPath((await headers()).get('x-concord-path'))
  return redirect(page ? `/sign-in?${new URLSearchParams({ to: page })}` : '/sign-in')
}

/** Reads the role at every request, so that a revoked role ends at once. Answers 404 without the role. */
export const requireStaff = cache(async (least: Role = 'viewer'): Promise<StaffActor> => {
  const { actor, staff } = await requireResearcher()
  if (!staff || ranks[staff.role] < ranks[least]) notFound()
  const { orcid, sessionId } = actor
  return { kind: 'staff', staffId: staff.id, orcid, role: staff.role, sessionId } as StaffActor
})

/** Like `requireStaff`, but redirects before any read or write if the credentials are public. */
export async function requireMemberStaff(least: Role): Promise<StaffActor> {
  const actor = await requireStaff(least)
  return env().orcid.api === 'member' ? actor : redirect('/staff/affiliations')
}

/** Returns null for strangers and while the database is away. */
export const findViewer = cache(async (): Promise<Viewer | null> => {
  try {
    const signedIn = await findSignedIn()
    return signedIn && { signedIn, role: signedIn.staff?.role ?? null }
  } catch (error) {
    if (isDatabaseUnavailable(error)) return null
    throw error
  }
})

/** For pages that read after their gate, as the database may go away in between. */
export function availablePage<Props>(render: (props: Props) => Promise<ReactNode>) {
  return (props: Props): Promise<ReactNode> => orUnavailable(() => render(props))
}

/** Redirects to the page for a database that is away. */
export async function orUnavailable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (isDatabaseUnavailable(error)) redirect('/connect/unavailable')
    throw error
  }
}
