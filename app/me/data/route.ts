import { listMyAffiliationsForDownload } from '@/lib/affiliations/queries'
import { listMyAttempts } from '@/lib/attempts/queries'
import { recordDownload } from '@/lib/audit/commands'
import { listAllMyEvents } from '@/lib/audit/queries'
import { requireResearcher } from '@/lib/auth/gates'
import { listAllMyCalls } from '@/lib/calls/queries'
import { env } from '@/lib/config/env'
import { listMyDelegationsForDownload } from '@/lib/delegations/queries'
import { listAllMyExports } from '@/lib/exports/queries'
import { listMyGrantsForDownload } from '@/lib/grants/queries'
import { listMyReceipts } from '@/lib/grants/receipts'
import { readRoute } from '@/lib/http/route'
import { orcidUri } from '@/lib/orcid/id'
import { findMyPersonForDownload } from '@/lib/people/download'
import { listMyNotes } from '@/lib/researchers/note-queries'
import { findMyMerger, findMyResearcher } from '@/lib/researchers/queries'
import { listMySessions } from '@/lib/sessions/queries'
import { findMyStaffRow } from '@/lib/staff/queries'
import { listMySystemsForDownload } from '@/lib/systems/mine'
import { findMyWorksPreference } from '@/lib/works/answers'

/** Everything that is held about the researcher who asks, as JSON. Tokens are stated and left out. */
export const GET = readRoute('export', async (_query, { requestId }) => {
  const { actor } = await requireResearcher()
  const staff = await findMyStaffRow(actor)
  const [
    researcher,
    person,
    merger,
    grants,
    attempts,
    affiliations,
    notes,
    sessions,
    events,
    exports,
    calls,
    receipts,
    systems,
    worksPreference,
    delegations,
  ] = await Promise.all([
    findMyResearcher(actor),
    findMyPersonForDownload(actor),
    findMyMerger(actor),
    listMyGrantsForDownload(actor),
    listMyAttempts(actor),
    listMyAffiliationsForDownload(actor),
    listMyNotes(actor),
    listMySessions(actor),
    listAllMyEvents(actor, staff?.id),
    listAllMyExports(actor),
    listAllMyCalls(actor),
    listMyReceipts(actor),
    listMySystemsForDownload(actor),
    findMyWorksPreference(actor),
    listMyDelegationsForDownload(actor),
  ])
  await recordDownload(actor, requestId)
  const { institution, orcid } = env()
  const data = {
    about: `What ${institution.name} holds about you in connection with your ORCID iD. Access tokens, refresh tokens and the answers that they came in are held sealed; "held" says which, and they are left out of this file.`,
    downloadedAt: new Date(),
    orcid: orcidUri(actor.orcid, orcid.registry),
    researcher,
    person,
    earlierIds: merger.from.map((earlier) => orcidUri(earlier, orcid.registry)),
    grants,
    attempts,
    affiliations,
    notes,
    sessions,
    staff,
    events,
    exports,
    calls,
    receipts,
    systems,
    worksPreference,
    delegations,
  }
  return new Response(JSON.stringify(data, null, 2), {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="concord-${actor.orcid}.json"`,
      'Cache-Control': 'no-store',
    },
  })
})
