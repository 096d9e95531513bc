import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { checkNow } from '@/lib/checks/commands'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { log } from '@/lib/log'
import { parseOrcid } from '@/lib/orcid/id'
import { findResearcher } from '@/lib/researchers/queries'

const fields = z.object({ orcid: z.string().refine((orcid) => parseOrcid(orcid) === orcid) })

/** People wait for an answer, and not for an outage; what comes later is found on the page. */
const waitMs = 8_000

/** Asks ORCID now about what somebody permits, and leads to the answer. */
export const POST = formRoute('orcid', fields, async ({ orcid }, { requestId }) => {
  const actor = await requireStaff('askForChecks')
  const researcher = await findResearcher(actor, orcid)
  if (!researcher) return seeOther('/staff/researchers')
  const checked = checkNow(actor, researcher.id, requestId).then((isAsked) => (isAsked ? 'done' : 'nothing'))
  checked.catch((error) => log().error({ requestId, err: error }, 'a check that staff asked for failed'))
  const asked = await Promise.race([checked, sleep(waitMs, 'waiting', { ref: false })])
  return seeOther(`/staff/researchers/${orcid}?asked=${asked}`)
})
