import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { textMax } from '@/lib/campaigns/campaign'
import { recordInformed } from '@/lib/campaigns/commands'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

const fields = z.object({ campaign: z.uuid(), informed: z.string() })

/** Records how people were told that they are on the roster. */
export const POST = formRoute('write', fields, async ({ campaign: id, informed }, { requestId }) => {
  const actor = await requireStaff('openCampaigns')
  const text = informed.replaceAll('\r\n', '\n').replaceAll('\0', '').trim().slice(0, textMax.informed)
  const isRecorded = text !== '' && (await recordInformed(actor, id, text, requestId))
  return seeOther(`/staff/campaigns/${id}?note=${isRecorded ? 'informed' : 'informed_empty'}`)
})
