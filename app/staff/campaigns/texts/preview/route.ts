import { NextResponse } from 'next/server'
import { z } from 'zod'
import { about, words } from '@/app/staff/campaigns/texts/_components/fields'
import { toPreview } from '@/app/staff/campaigns/texts/_components/to-preview'
import { requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { bodyBytesMax } from '@/lib/mail/mail-text'

/** How a text that is being typed looks as a mail, for the frames of its page: as data, so that no page is made of it. */
export const POST = formRoute('write', z.object({ ...about, ...words }), async ({ locale, subject, body }) => {
  await requireStaff('writeMailTexts')
  const isShown = env().institution.languages.includes(locale) && Buffer.byteLength(body) <= bodyBytesMax
  return isShown ? NextResponse.json(toPreview(locale, { subject, body })) : seeOther('/staff/campaigns/texts')
})
