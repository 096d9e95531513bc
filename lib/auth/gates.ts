import 'server-only'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { after } from 'next/server'
import { cache, type ReactNode } from 'react'
import type { Role, StaffActor } from '@/lib/actor'
import { findSignedIn, type SignedIn } from '@/lib/auth/session'
import { env } from '@/lib/config/env'
import { isDatabaseUnavailable } from '@/lib/db'
import { parseOwnPath } from '@/lib/http/own-path'
import { isPrefetch } from '@/lib/http/prefetch'
import { log } from '@/lib/log'

const ranks: Record<Role, number> = { viewer: 1, manager: 2, admin: 3 }

export type Viewer = { signedIn: SignedIn; role: Role | null }

/** For researcher pages. Redirects to the sign-in, which returns here, or to the page for a database that is away. */
export async function requireResearcher(): Promise<SignedIn> {
  const signedIn = await orUnavailable(findSignedIn)
  // A session whose pages were all prefetched would look idle.
  if (signedIn?.unseen) await requireVisit()
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

/**
 * For pages that write or say who looked: a prefetch gets 404, which browsers discard, and the visit asks again. So
 * nothing is shown that the server does not know of.
 */
export async function requireVisit(): Promise<void> {
  if (isPrefetch(await headers())) notFound()
}

/** Writes what a page writes because it is shown, once it is sent. A prefetch gets 404. */
export async function writeAfterVisit(write: () => Promise<void>): Promise<void> {
  await requireVisit()
  after(() => write().catch((error) => log().error({ err: error }, 'failed to write after a visit')))
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
