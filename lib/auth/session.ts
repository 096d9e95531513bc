import 'server-only'
import { cookies, headers } from 'next/headers'
import { after } from 'next/server'
import { encode } from 'next-auth/jwt'
import { cache } from 'react'
import { z } from 'zod'
import type { ResearcherActor, StaffRights } from '@/lib/actor'
import { cookieName, makeCookie } from '@/lib/auth/cookies'
import { newestSecret, openSessionToken } from '@/lib/auth/session-secrets'
import { isPrefetch } from '@/lib/http/prefetch'
import { log } from '@/lib/log'
import { noteSessionSeen, type SignIn } from '@/lib/sessions/commands'
import { findLiveSession, type LiveSession } from '@/lib/sessions/queries'
import { sessionLifetimeMs } from '@/lib/sessions/session'
import { toRights } from '@/lib/staff/abilities'

/** `staff`: the role and rights at this moment, if any. */
export type SignedIn = {
  actor: ResearcherActor
  name: string | null
  attemptId: string
  staff: ({ id: string } & StaffRights) | null
  /** As ORCID said. */
  signIn: SignIn
  /** True if the last use of the session is to be written. */
  unseen: boolean
}

const claims = z.object({ sid: z.uuid() })

/** Returns the signed-in person, proven by a live session row. Cached per request. */
export const findSignedIn = cache(async (): Promise<SignedIn | null> => {
  const sessionId = await readSessionId((await cookies()).get(cookieName('session'))?.value)
  const session = sessionId ? await findLiveSession(sessionId) : null
  if (!session) return null
  if (session.unseen) await noteSeenLater(session.id)
  const { attemptId, researcherId, orcid, name, unseen, authenticatedAt, secondFactor } = session
  const actor = { kind: 'researcher', researcherId, orcid, sessionId: session.id } as ResearcherActor
  return { actor, name, attemptId, staff: toStaff(session), signIn: { authenticatedAt, secondFactor }, unseen }
})

function toStaff({ staffId, role, departments, mayExport }: LiveSession): SignedIn['staff'] {
  if (!staffId || !role || !departments || mayExport === null) return null
  return { id: staffId, ...toRights({ role, departments, mayExport }) }
}

/** A failure here must not fail the request. */
async function noteSeenLater(id: string): Promise<void> {
  const given = await headers()
  if (isPrefetch(given)) return
  const userAgent = given.get('user-agent')
  after(() =>
    noteSessionSeen(id, userAgent).catch((error) =>
      log().warn({ err: error }, 'failed to update the last use of a session'),
    ),
  )
}

async function readSessionId(cookie: string | undefined): Promise<string | null> {
  const parsed = claims.safeParse((await openSessionToken(cookie))?.claims)
  return parsed.success ? parsed.data.sid : null
}

/** Makes next-auth's session cookie for a browser without its callback. */
export async function makeSessionCookie(sessionId: string) {
  const maxAge = sessionLifetimeMs / 1_000
  return makeCookie('session', await encode({ token: { sid: sessionId }, secret: newestSecret(), maxAge }))
}
