import { z } from 'zod'
import { about } from '@/app/staff/campaigns/texts/_components/fields'
import { textHref } from '@/app/staff/campaigns/texts/_components/language-name'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { findTemplate, resetMailText } from '@/lib/mail/templates'

/** Back to the standard text. */
export const POST = formRoute(
  'write',
  z.object({ ...about, sure: z.literal('yes') }),
  async ({ template, locale }, { requestId }) => {
    const actor = await requireStaff('writeMailTexts')
    if (!(await findTemplate(template))) return seeOther('/staff/campaigns/texts?note=gone')
    await resetMailText(actor, { template, locale }, requestId)
    return seeOther(`${textHref(template, locale)}&note=reset`)
  },
)
