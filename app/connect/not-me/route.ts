import { z } from 'zod'
import { disownTrip } from '@/lib/attempts/commands'
import { findSignedIn } from '@/lib/auth/session'
import { startTrip } from '@/lib/auth/start'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { refuseTooMany } from '@/lib/http/too-many'

/** "Not me": what the trip has brought is taken back, and ORCID is asked again, with its sign-in page first. */
export const POST = formRoute(z.object({}), async (_fields, { request, requestId }) => {
  const refusal = await refuseTooMany(request, 'start')
  if (refusal) return refusal
  const signedIn = await findSignedIn()
  if (!signedIn) return seeOther('/')
  const scopes = await disownTrip(signedIn.actor, signedIn.attemptId, requestId)
  return startTrip({ purpose: 'connect', scopes, freshLogin: true }, requestId)
})
