import 'server-only'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { after } from 'next/server'
import { cache, type ReactNode } from 'react'
import type { StaffActor } from '@/lib/actor'
import { findSignedIn, type SignedIn } from '@/lib/auth/session'
import { env } from '@/lib/config/env'
import { isDatabaseUnavailable } from '@/lib/db'
import { findReferringPath, parseOwnPath } from '@/lib/http/own-path'
import { isPrefetch } from '@/lib/http/prefetch'
import { log } from '@/lib/log'
import type { SignIn } from '@/lib/sessions/commands'
import { type Ability, may, recentSignInMs, ruleOf } from '@/lib/staff/abilities'

/** `staff`: the rights as staff, if any. */
export type Viewer = { signedIn: SignedIn; staff: SignedIn['staff'] }

/** For researcher pages. Redirects to the sign-in, which returns here, or to the page for a database that is away. */
export async function requireResearcher(): Promise<SignedIn> {
  const signedIn = await orUnavailable(findSignedIn)
  // A session whose pages were all prefetched would look idle.
  if (signedIn?.unseen) await requireVisit()
  if (signedIn) return signedIn
  return redirect(withReturn('/sign-in', await findPage()))
}

/**
 * Reads role and rights at every request, so that what was taken away ends at once. Answers 404 where they do not
 * suffice. Where the sign-in does not suffice, leads to the page that says so, and from there back to where they were.
 */
export const requireStaff = cache(async (ability: Ability): Promise<StaffActor> => {
  const { actor, staff, signIn } = await requireResearcher()
  if (!staff || !may(staff, ability)) notFound()
  if (lacksSecondFactor(signIn)) redirect(withReturn('/sign-in/second-factor', await findPage()))
  // A form's page, or that with the link to a file: the file itself would leave them at ORCID.
  if (ruleOf(ability).recent && !isRecent(signIn)) redirect(withReturn('/sign-in/again', await findPageBefore()))
  const { id: staffId, ...rights } = staff
  const { orcid, sessionId } = actor
  return { kind: 'staff', staffId, orcid, sessionId, ...rights } as StaffActor
})

/** Like `requireStaff`, but redirects before any read or write if the credentials are public. */
export async function requireMemberStaff(ability: Ability): Promise<StaffActor> {
  const actor = await requireStaff(ability)
  return env().orcid.api === 'member' ? actor : redirect('/staff/affiliations')
}

/** For the pages that say what is wrong with the sign-in of somebody with a role. Answers 404 to all others. */
export async function requireSignInOfStaff(): Promise<{ lacksSecondFactor: boolean; isRecent: boolean }> {
  const { staff, signIn } = await requireResearcher()
  if (!staff) notFound()
  return { lacksSecondFactor: lacksSecondFactor(signIn), isRecent: isRecent(signIn) }
}

const lacksSecondFactor = ({ secondFactor }: SignIn) => env().requireStaffMfa && !secondFactor

const isRecent = ({ authenticatedAt }: SignIn) =>
  authenticatedAt !== null && Date.now() - authenticatedAt.getTime() < recentSignInMs

const findPage = async () => parseOwnPath((await headers()).get('x-concord-path'))

/** The page of ours that led here, if the browser says so. */
export const findPageBefore = async () => findReferringPath(await headers(), new URL(env().origin).hostname)

const withReturn = (path: string, to: string | null) => (to ? `${path}?${new URLSearchParams({ to })}` : path)

/** Returns null for strangers and while the database is away. */
export const findViewer = cache(async (): Promise<Viewer | null> => {
  try {
    const signedIn = await findSignedIn()
    return signedIn && { signedIn, staff: signedIn.staff }
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
