import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { findSuppression, suppressByHand } from '@/lib/mail/suppression'

const fields = z.object({ address: z.string(), do: z.enum(['find', 'add']) })
const email = z.email().max(254)

/** Looks an address up, or adds it. By POST, because the address belongs into no URL. */
export const POST = formRoute('write', fields, async ({ address, do: what }, { requestId }) => {
  const actor = await requireStaff('writeCampaigns')
  const parsed = email.safeParse(address.trim())
  if (!parsed.success) return seeOther('/staff/campaigns/suppressions?note=invalid')
  const isNew = what === 'add' && (await suppressByHand(actor, parsed.data, requestId))
  const found = await findSuppression(actor, parsed.data)
  if (!found) return seeOther('/staff/campaigns/suppressions?note=absent')
  return seeOther(`/staff/campaigns/suppressions?note=${isNew ? 'added' : 'there'}&entry=${found.id}`)
})
