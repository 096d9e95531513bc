import 'server-only'
import type { NextRequest } from 'next/server'
import { seeOther } from '@/lib/http/see-other'
import { findHold } from '@/lib/installation/restore-detection'

/**
 * A restored database that is not released sends nothing, hands out nothing and takes down nothing new. These routes
 * work all the same, because they are rights of the person, or the release needs them (decision 032).
 */
const worksWhileHeld: ReadonlySet<string> = new Set([
  '/preferences',
  // Signing in and out. `beginAttempt` and the exchange refuse to connect anybody.
  '/sign-out',
  '/api/auth/callback/orcid',
  '/connect/from-orcid',
  '/connect/in-progress/check',
  '/connect/start',
  '/connect/not-me/start',
  // Rights.
  '/me/data',
  '/me/narrowing',
  '/me/withdrawal',
  '/me/affiliations/removal',
  '/me/sessions/end',
  '/me/erasure',
  '/me/systems/stop',
  // A no; they refuse a yes themselves.
  '/me/works/answer',
  '/me/works/preference',
  '/unsubscribe/mail',
  '/unsubscribe/choice',
  '/i/do-not-ask',
  '/staff/researchers/erasure',
  // What the release needs: setting the team right, and looking things up.
  '/staff/restored/release',
  '/staff/team/role',
  '/staff/team/removal',
  '/staff/attempts/look-up',
  // Stops a file, and an empty form.
  '/staff/exports/cancel',
  '/staff/import/template',
])

/** Leads away from a route that waits for the release; null where it may go on. */
export async function refuseWhileHeld(request: NextRequest): Promise<Response | null> {
  const { pathname } = request.nextUrl
  if (worksWhileHeld.has(pathname)) return null
  return refuseNow(pathname.startsWith('/staff/') ? '/staff/restored' : '/connect/unavailable')
}

/** As `refuseWhileHeld`, for the fields of a person’s form that are no right. */
export const refuseFieldsWhileHeld = () => refuseNow('/connect/unavailable')

const refuseNow = async (path: string): Promise<Response | null> => ((await findHold()) ? seeOther(path) : null)
