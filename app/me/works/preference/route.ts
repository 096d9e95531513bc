import { z } from 'zod'
import { requireResearcher } from '@/lib/auth/gates'
import { refuseFieldsWhileHeld } from '@/lib/http/hold'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { chooseWorksPreference, worksPreferences } from '@/lib/works/answers'

const fields = z.object({ preference: z.enum(worksPreferences) })

/** Whether systems may add works to the caller's record. */
export const POST = formRoute('write', fields, async ({ preference }, { requestId }) => {
  const { actor } = await requireResearcher()
  const held = preference === 'automatic' ? await refuseFieldsWhileHeld() : null
  if (held) return held
  await chooseWorksPreference(actor, preference, requestId)
  return seeOther('/me/works?note=saved')
})
