import { z } from 'zod'
import { about, words } from '@/app/staff/campaigns/texts/_components/fields'
import { textHref } from '@/app/staff/campaigns/texts/_components/language-name'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { bodyBytesMax, findTextFaults } from '@/lib/mail/mail-text'
import { findTemplate, saveMailText } from '@/lib/mail/templates'
import { saveTextDraft } from '@/lib/mail/text-drafts'

const fields = z.object({
  ...about,
  ...words,
  version: z.union([z.literal(''), z.iso.datetime()]).default(''),
  do: z.enum(['save', 'preview']).default('save'),
})

/** Saves a text, or shows the form again with what is wrong at its field, or with how the mail would look. */
export const POST = formRoute(
  'write',
  fields,
  async ({ template, locale, version, subject, body, do: wanted }, { requestId }) => {
    const actor = await requireStaff('writeMailTexts')
    const found = await findTemplate(template)
    if (!found) return seeOther('/staff/campaigns/texts?note=gone')
    const text = { subject, body }
    const faults = findTextFaults(found.basedOn, text)
    const href = textHref(template, locale)
    let isOutdated = false
    if (wanted === 'save' && faults.length === 0) {
      const result = await saveMailText(actor, { template, locale, text, version }, requestId)
      if ('saved' in result) return seeOther(`${href}&note=saved`)
      if ('refused' in result && result.refused === 'gone') return seeOther('/staff/campaigns/texts?note=gone')
      isOutdated = true
    }
    // What is far too long is not kept: the browser has it, one step back.
    if (Buffer.byteLength(body) > bodyBytesMax * 2) return seeOther('/staff/campaigns/texts?note=too-long')
    const draft = await saveTextDraft(actor, { template, locale, version, ...text, faults, isOutdated })
    return seeOther(
      `${href}&draft=${draft}${faults.length > 0 && wanted === 'save' ? '&wrong=yes' : ''}${faults.length > 0 ? '#wrong' : '#preview'}`,
    )
  },
  { pageOf: ({ template, locale }) => textHref(template, locale) },
)
