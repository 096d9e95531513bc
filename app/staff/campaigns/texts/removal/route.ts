import { z } from 'zod'
import { about } from '@/app/staff/campaigns/texts/_components/fields'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { isBuiltIn } from '@/lib/mail/mail-text'
import { removeTemplate } from '@/lib/mail/templates'

/** Deletes a template of the institution's own, unless something uses it. */
export const POST = formRoute(
  'write',
  z.object({ template: about.template, sure: z.literal('yes') }),
  async ({ template }, { requestId }) => {
    const actor = await requireStaff('writeMailTexts')
    if (isBuiltIn(template)) return seeOther('/staff/campaigns/texts?note=gone')
    const isRemoved = await removeTemplate(actor, template, requestId)
    return seeOther(
      isRemoved
        ? '/staff/campaigns/texts?note=removed'
        : `/staff/campaigns/texts/${encodeURIComponent(template)}?note=used`,
    )
  },
)
