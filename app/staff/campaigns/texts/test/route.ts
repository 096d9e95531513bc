import { z } from 'zod'
import { about } from '@/app/staff/campaigns/texts/_components/fields'
import { textHref } from '@/app/staff/campaigns/texts/_components/language-name'
import { requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { toSampleValues } from '@/lib/mail/sample'
import { findTemplate } from '@/lib/mail/templates'
import { sendTestMail } from '@/lib/mail/test-mail'

const fields = z.object({ ...about, address: z.string().max(1_000) })

/** Sends the saved text, filled in as in the preview, to an address of the institution. */
export const POST = formRoute('test_mail', fields, async ({ template, locale, address }, { requestId }) => {
  const actor = await requireStaff('writeMailTexts')
  const isThere = (await findTemplate(template)) && env().institution.languages.includes(locale)
  if (!isThere) return seeOther('/staff/campaigns/texts?note=gone')
  const fault = await sendTestMail(actor, { template, locale, address, values: toSampleValues(locale) }, requestId)
  return seeOther(`${textHref(template, locale)}&test=${fault ?? 'sent'}#test`)
})
