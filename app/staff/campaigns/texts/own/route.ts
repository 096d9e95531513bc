import { z } from 'zod'
import { textHref } from '@/app/staff/campaigns/texts/_components/language-name'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { getLanguage } from '@/lib/i18n/request'
import { templateKey, templateNameMax } from '@/lib/mail/mail-text'
import { addTemplate } from '@/lib/mail/templates'
import { parseDetail } from '@/lib/researchers/details'

const fields = z.object({
  name: z.string().transform((given) => parseDetail(given)?.slice(0, templateNameMax) ?? null),
  from: z.string().regex(templateKey),
})

/** Makes a template of the institution's own and leads to its text. */
export const POST = formRoute(
  'write',
  fields,
  async ({ name, from }, { requestId }) => {
    const actor = await requireStaff('writeMailTexts')
    if (!name) return seeOther(`/staff/campaigns/texts?${new URLSearchParams({ note: 'unnamed', from })}#make`)
    const key = await addTemplate(actor, { name, from }, requestId)
    return seeOther(key ? `${textHref(key, await getLanguage())}&note=added` : '/staff/campaigns/texts?note=gone')
  },
  { pageOf: () => '/staff/campaigns/texts#make' },
)
